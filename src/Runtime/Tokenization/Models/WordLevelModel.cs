using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Each piece is a token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknown) : IModel
{
    private readonly int _unknown = vocabulary.Find(unknown);

    public Vocabulary Vocabulary => vocabulary;

    public int ShownAsText => -1;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        var id = vocabulary.Find(piece) is var known and >= 0 ? known : _unknown;
        if (id < 0)
        {
            throw new TokenizationException($"The tokenizer has no token for a word of the text, and its token for unknown words, '{unknown}', is not in its vocabulary.");
        }

        output.Add(id, 0, piece.Length);
    }
}
