using System.Text;

namespace Serving.Runtime.Tasks.Text;

/// <summary>A text by the places that offsets of tokens count: its code points.</summary>
/// <param name="text">The text.</param>
internal sealed class CodePointText(string text)
{
    private readonly Rune[] _runes = [.. text.EnumerateRunes()];

    public bool IsBlank(int place) => _runes[place].Value == ' ';

    /// <summary>The part from one place to before another.</summary>
    public string Part(int start, int end)
    {
        var part = new StringBuilder();
        foreach (var rune in _runes.AsSpan(start, end - start))
        {
            part.Append(rune);
        }

        return part.ToString();
    }
}
