using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Words between spaces, every punctuation mark by itself.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    private static readonly CodePointSet Spaces = UnicodeTables.Set("library:whitespace");
    private static readonly CodePointSet Punctuation = UnicodeTables.Set("library:punctuation");

    public void Split(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            for (var at = start; at < end;)
            {
                var c = CodePoints.At(text, at, out var length);
                var isSpace = Spaces.Contains(c);
                if (isSpace || Punctuation.Contains(c))
                {
                    output.Add(start, at);
                    start = at + length;
                    output.Add(at, isSpace ? at : start);
                }

                at += length;
            }

            output.Add(start, end);
        }

        workspace.TakeNext();
    }
}
