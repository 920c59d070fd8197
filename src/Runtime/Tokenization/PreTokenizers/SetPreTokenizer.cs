using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Splits at each character of a set: Punctuation, Digits, WhitespaceSplit, CharDelimiterSplit.</summary>
internal sealed class SetPreTokenizer(CodePointSet delimiters, SplitBehavior behavior) : IPreTokenizer
{
    public void Split(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (last, end) = workspace.Pieces[i];
            var split = new DelimiterSplit(output, behavior);
            for (var at = last; at < end;)
            {
                var isDelimiter = delimiters.Contains(CodePoints.At(text, at, out var length));
                if (isDelimiter)
                {
                    if (last < at)
                    {
                        split.Add(last, at, isDelimiter: false);
                    }

                    last = at + length;
                    split.Add(at, last, isDelimiter: true);
                }

                at += length;
            }

            if (last < end)
            {
                split.Add(last, end, isDelimiter: false);
            }

            split.End();
        }

        workspace.TakeNext();
    }
}
