namespace Serving.Contracts.Rest;

/// <summary>A line of the answer of <c>POST /v2/repository/index</c>.</summary>
public sealed record IndexEntryBody(string Name, string Version, string State, string Reason);
