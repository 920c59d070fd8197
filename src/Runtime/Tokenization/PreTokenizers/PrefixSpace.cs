using Serving.Runtime.Tokenization.Normalizers;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Sets a character before pieces that do not begin with it; it stands for the piece's first character.</summary>
internal static class PrefixSpace
{
    /// <summary>Before every piece or, with <paramref name="onlyFirst"/>, before one at the start of the original text.</summary>
    public static void Add(Workspace workspace, string prefix, bool onlyFirst)
    {
        var text = workspace.Text;
        var missing = 0;
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            missing += Lacks(workspace, i, prefix, onlyFirst) ? 1 : 0;
        }

        if (missing == 0)
        {
            return;
        }

        var output = workspace.BeginNext();
        text.BeginRewrite();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var from = text.Written;
            text.BeginPiece(start);
            if (Lacks(workspace, i, prefix, onlyFirst))
            {
                AffixNormalizer.Prepend(text, start, prefix);
                CodePoints.At(text.Span, start, out var first);
                text.BeginPiece(start + first);
            }

            text.CopyTo(end);
            output.Add(from, text.Written);
        }

        text.EndRewrite();
        workspace.TakeNext();
    }

    private static bool Lacks(Workspace workspace, int piece, string prefix, bool onlyFirst)
    {
        var start = workspace.Pieces[piece].Start;
        return !workspace.Text.Span[start..].StartsWith(prefix, StringComparison.Ordinal) && (!onlyFirst || workspace.Text.StartOf(start) == 0);
    }
}
