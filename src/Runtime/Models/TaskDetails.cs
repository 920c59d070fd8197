namespace Serving.Runtime.Models;

/// <summary>What a client may know of the task that a model does.</summary>
/// <param name="Name">The task's name, such as <c>text-classification</c>.</param>
/// <param name="Evidence">Why the model is served as this task.</param>
public sealed record TaskDetails(string Name, string Evidence)
{
    /// <summary>How many rows a request may have. Arbitrary: what a client should send in parts, and none can make the server hold more for one request.</summary>
    public const int MostRows = 65_536;

    /// <summary>The classes that the model tells apart, by number; empty where it has none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The most tokens of a text, special ones included; null where texts have no limit or there are none.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The numbers of a vector; null where the task makes none.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How the vectors of tokens become one; null where they do not.</summary>
    public string? Pooling { get; init; }

    /// <summary>The names under which the model has prompts, which are put before texts.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>The parameters that a request may give, each with what it says.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>What was odd about the model's files but hinders nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the model's files call its architecture, such as <c>BertForSequenceClassification</c>; empty where they do not.</summary>
    public string Architecture { get; init; } = "";
}
