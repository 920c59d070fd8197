using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>SentencePiece's spaces: every space becomes a visible character, one is set before the text, and words begin with it.</summary>
internal sealed class MetaspacePreTokenizer : IPreTokenizer
{
    private readonly string _replacement;
    private readonly PrependScheme _scheme;
    private readonly SetPreTokenizer? _split;

    public MetaspacePreTokenizer(int replacement, PrependScheme scheme, bool split)
    {
        _replacement = char.ConvertFromUtf32(replacement);
        _scheme = scheme;
        _split = split ? new SetPreTokenizer(new CodePointSet([(replacement, replacement + 1)]), SplitBehavior.MergedWithNext) : null;
    }

    public void Split(Workspace workspace)
    {
        if (_replacement.Length == 1)
        {
            workspace.Text.InPlace.Replace(' ', _replacement[0]);
        }
        else
        {
            ReplaceSpaces(workspace);
        }

        if (_scheme != PrependScheme.Never)
        {
            PrefixSpace.Add(workspace, _replacement, _scheme == PrependScheme.First);
        }

        _split?.Split(workspace);
    }

    private void ReplaceSpaces(Workspace workspace)
    {
        var text = workspace.Text;
        var character = char.ConvertToUtf32(_replacement, 0);
        var output = workspace.BeginNext();
        text.BeginRewrite();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var from = text.Written;
            text.BeginPiece(start);
            for (var at = start; at < end;)
            {
                var c = CodePoints.At(text.Span, at, out var length);
                text.Emit(c == ' ' ? character : c, 0);
                at += length;
            }

            output.Add(from, text.Written);
        }

        text.EndRewrite();
        workspace.TakeNext();
    }
}
