namespace Serving.Contracts.Rest;

/// <summary>A model in OpenAI's list.</summary>
public sealed record ListedModelBody(string Id, string Object, long Created, string OwnedBy);
