using Serving.Runtime.Tokenization.Patterns;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Reads what is searched for, and what becomes of it.</summary>
internal static class PatternPart
{
    /// <summary>Reads {"Regex": ...} or {"String": ...}.</summary>
    public static Matches Read(JsonPart part)
    {
        var regex = part.Find("Regex");
        var literal = part.Find("String");
        if (regex is null == literal is null)
        {
            throw part.Error("needs either 'String' or 'Regex'");
        }

        if (literal?.Text() is { Length: > 0 } text)
        {
            return new Matches(text);
        }

        try
        {
            return new Matches(new Pattern(regex?.Text() ?? ""));
        }
        catch (PatternException error)
        {
            throw regex!.Value.Error($"the pattern cannot be used: {error.Message}");
        }
    }

    public static SplitBehavior ReadBehavior(JsonPart part) => part.OneOf(
        ("Removed", SplitBehavior.Removed),
        ("Isolated", SplitBehavior.Isolated),
        ("MergedWithPrevious", SplitBehavior.MergedWithPrevious),
        ("MergedWithNext", SplitBehavior.MergedWithNext),
        ("Contiguous", SplitBehavior.Contiguous));
}
