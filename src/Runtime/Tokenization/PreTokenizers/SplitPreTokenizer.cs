using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern or string or, inverted, at what is between them.</summary>
internal sealed class SplitPreTokenizer(Matches matches, SplitBehavior behavior, bool inverted) : IPreTokenizer
{
    public void Split(Workspace workspace)
    {
        var text = workspace.Text;
        workspace.Machine.Begin(text.Length);
        var output = workspace.BeginNext();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            matches.Split(text.Span[start..end], start, workspace.Machine, behavior, inverted, output);
        }

        workspace.TakeNext();
    }
}
