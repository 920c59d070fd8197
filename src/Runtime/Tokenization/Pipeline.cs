using Serving.Runtime.Tokenization.Added;
using Serving.Runtime.Tokenization.Decoders;
using Serving.Runtime.Tokenization.Models;
using Serving.Runtime.Tokenization.Normalizers;
using Serving.Runtime.Tokenization.PostProcessors;
using Serving.Runtime.Tokenization.PreTokenizers;

namespace Serving.Runtime.Tokenization;

/// <summary>The parts of a tokenizer, in the order in which a text goes through them; null for those it does not have.</summary>
internal sealed record Pipeline(
    AddedVocabulary Added,
    INormalizer? Normalizer,
    IPreTokenizer? PreTokenizer,
    IModel Model,
    IPostProcessor? PostProcessor,
    IDecoder? Decoder)
{
    /// <summary>The text of a token; empty for an id that there is none of.</summary>
    public string TokenOf(int id) => Added.TokenOf(id) ?? Model.Vocabulary.TokenOf(id) ?? "";
}
