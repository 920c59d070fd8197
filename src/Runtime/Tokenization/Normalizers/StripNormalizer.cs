using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>No space at the start, at the end, or at both.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    private static readonly CodePointSet Spaces = UnicodeTables.Set("library:whitespace");

    public void Normalize(Workspace workspace)
    {
        // All spaces are of the basic plane: one unit each.
        var text = workspace.Text;
        var start = 0;
        while (left && start < text.Length && Spaces.Contains(text.Span[start]))
        {
            start++;
        }

        var end = text.Length;
        while (right && end > start && Spaces.Contains(text.Span[end - 1]))
        {
            end--;
        }

        if (start > 0 || end < text.Length)
        {
            text.BeginRewrite();
            text.Skip(start);
            text.CopyTo(end);
            text.EndRewrite();
        }
    }
}
