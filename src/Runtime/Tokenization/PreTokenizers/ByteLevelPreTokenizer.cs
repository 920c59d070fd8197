using Serving.Runtime.Tokenization.Patterns;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>
/// GPT-2's splitting into words that keep the space before them, and its alphabet of bytes. Where the model reads bytes
/// itself the text stays as it is.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex, bool modelReadsBytes) : IPreTokenizer
{
    private static readonly SplitPreTokenizer Words = new(
        new Matches(new Pattern(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")),
        SplitBehavior.Isolated,
        inverted: false);

    public void Split(Workspace workspace)
    {
        if (addPrefixSpace)
        {
            PrefixSpace.Add(workspace, " ", onlyFirst: false);
        }

        if (useRegex)
        {
            Words.Split(workspace);
        }

        if (!modelReadsBytes)
        {
            Rewrite(workspace);
        }
    }

    private static void Rewrite(Workspace workspace)
    {
        var text = workspace.Text;
        var output = workspace.BeginNext();
        text.BeginRewrite();
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            var (start, end) = workspace.Pieces[i];
            var from = text.Written;
            text.BeginPiece(start);
            ByteAlphabet.Rewrite(text, end);
            output.Add(from, text.Written);
        }

        text.EndRewrite();
        workspace.TakeNext();
    }
}
