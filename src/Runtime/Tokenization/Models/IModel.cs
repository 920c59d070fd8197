using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Makes tokens of a piece of text. Safe for any number of threads.</summary>
internal interface IModel
{
    /// <summary>The tokens it can give.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>The token whose text is what it stands for, not what the vocabulary says; -1 without one.</summary>
    int ShownAsText { get; }

    /// <summary>Adds the tokens of a piece, which is not empty.</summary>
    /// <exception cref="TokenizationException">The piece has characters for which there is no token.</exception>
    void Tokenize(ReadOnlySpan<char> piece, TokenList output);
}
