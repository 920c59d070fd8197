using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>BERT's model: from left to right the longest token that fits; a word that cannot be cut so is unknown as a whole.</summary>
internal sealed class WordPieceModel : IModel
{
    private readonly string _unknown;
    private readonly int _unknownId;
    private readonly int _maxCharacters;
    private readonly Vocabulary _continuing;

    public WordPieceModel(Vocabulary vocabulary, string unknown, string continuingPrefix, int maxCharacters)
    {
        Vocabulary = vocabulary;
        _unknown = unknown;
        _unknownId = vocabulary.Find(unknown);
        _maxCharacters = maxCharacters;

        // Tokens inside a word, by what they stand for: looked up without making a string with the prefix.
        _continuing = new Vocabulary(vocabulary.Ids
            .Where(t => t.Key.StartsWith(continuingPrefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[continuingPrefix.Length..], t => t.Value));
    }

    public Vocabulary Vocabulary { get; }

    public int ShownAsText => -1;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        var before = output.Count;
        if (piece.Length > _maxCharacters && CodePoints.Count(piece) > _maxCharacters || !TryCut(piece, output))
        {
            if (_unknownId < 0)
            {
                throw new TokenizationException($"The tokenizer has no tokens for a word of the text, and its token for unknown words, '{_unknown}', is not in its vocabulary.");
            }

            output.Truncate(before);
            output.Add(_unknownId, 0, piece.Length);
        }
    }

    private bool TryCut(ReadOnlySpan<char> word, TokenList output)
    {
        for (var start = 0; start < word.Length;)
        {
            var vocabulary = start == 0 ? Vocabulary : _continuing;
            var end = Math.Min(word.Length, start + vocabulary.Longest);
            var id = -1;
            for (; end > start; end--)
            {
                // Tokens end with whole characters, so half of one is never found.
                id = vocabulary.Find(word[start..end]);
                if (id >= 0)
                {
                    break;
                }
            }

            if (id < 0)
            {
                return false;
            }

            output.Add(id, start, end);
            start = end;
        }

        return true;
    }
}
