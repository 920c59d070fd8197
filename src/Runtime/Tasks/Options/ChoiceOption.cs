using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>One of a few words.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it does and what it is where nobody says.</param>
/// <param name="Choices">The words.</param>
internal sealed record ChoiceOption(string Name, string Description, params string[] Choices) : TaskOption(Name, Description)
{
    public override string Allowed => string.Join(", ", Choices[..^1]) + " or " + Choices[^1];

    /// <summary>The word as it is listed; case does not matter, and '-' is as good as '_'.</summary>
    public override object? Read(JsonElement value) => JsonTexts.Read(value)?.Replace('-', '_') is { } word
        ? Array.Find(Choices, choice => choice.Equals(word, StringComparison.OrdinalIgnoreCase))
        : null;
}
