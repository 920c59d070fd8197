using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Whitespace: runs of word characters, and runs of what is neither word character nor space.</summary>
internal sealed class WordPreTokenizer : IPreTokenizer
{
    private static readonly CodePointSet Spaces = UnicodeTables.Set("library:space");
    private static readonly CodePointSet Words = UnicodeTables.Set("library:word");

    private enum Kind
    {
        Space,
        Word,
        Other,
    }

    public void Split(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var kind = Kind.Space;
            for (var at = start; at < end;)
            {
                var c = CodePoints.At(text, at, out var length);
                var next = Words.Contains(c) ? Kind.Word : Spaces.Contains(c) ? Kind.Space : Kind.Other;
                if (next != kind)
                {
                    output.Add(start, kind == Kind.Space ? start : at);
                    (start, kind) = (at, next);
                }

                at += length;
            }

            output.Add(start, kind == Kind.Space ? start : end);
        }

        workspace.TakeNext();
    }
}
