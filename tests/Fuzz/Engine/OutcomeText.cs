using System.Text.RegularExpressions;

namespace Serving.Fuzz.Engine;

/// <summary>Tells new outcomes from old ones that only speak of other numbers and names.</summary>
internal static partial class OutcomeText
{
    private const int Longest = 160;

    /// <summary>The text without numbers and quotations.</summary>
    public static string Strip(string text)
    {
        var shown = text.Length > 4 * Longest ? text[..(4 * Longest)] : text;
        var stripped = Varying().Replace(shown, "#");
        return stripped.Length > Longest ? stripped[..Longest] : stripped;
    }

    [GeneratedRegex("""(?<=is not valid JSON).*|^\S+(?= \(line)|\[[^\]]*\]|(?<![A-Za-z])['"](.*['"]|.*$)|[0-9]+|\p{C}""", RegexOptions.Singleline)]
    private static partial Regex Varying();
}
