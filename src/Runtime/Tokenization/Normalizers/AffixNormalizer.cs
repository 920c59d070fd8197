using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Prepend and Append: a string before or behind every text that is not empty. It stands for the character beside it.</summary>
internal sealed class AffixNormalizer(string affix, bool atStart) : INormalizer
{
    public void Normalize(Workspace workspace)
    {
        var text = workspace.Text;
        if (text.Length == 0 || affix.Length == 0)
        {
            return;
        }

        text.BeginRewrite();
        if (atStart)
        {
            Prepend(text, 0, affix);
            text.CopyTo(text.Length);
        }
        else
        {
            text.CopyTo(text.Length);
            Add(text, affix, 1);
        }

        text.EndRewrite();
    }

    /// <summary>In a rewrite: writes a string and the character that stands at <paramref name="at"/> behind it.</summary>
    public static void Prepend(NormalizedText text, int at, string affix)
    {
        var first = CodePoints.At(text.Span, at, out _);
        Add(text, affix, 0);
        text.Emit(first, 1);
    }

    private static void Add(NormalizedText text, string added, int change)
    {
        for (var at = 0; at < added.Length;)
        {
            text.Emit(CodePoints.At(added, at, out var length), at == 0 ? change : 1);
            at += length;
        }
    }
}
