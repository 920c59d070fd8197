using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>FixedLength: pieces of so many characters.</summary>
internal sealed class FixedLengthPreTokenizer(int characters) : IPreTokenizer
{
    public void Split(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var count = 0;
            for (var at = start; at < end;)
            {
                CodePoints.At(text, at, out var length);
                at += length;
                if (++count == characters)
                {
                    output.Add(start, at);
                    (start, count) = (at, 0);
                }
            }

            output.Add(start, end);
        }

        workspace.TakeNext();
    }
}
