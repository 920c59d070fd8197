using Serving.Runtime.Tokenization.Models;
using Serving.Runtime.Tokenization.Normalizers;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Added;

/// <summary>The tokens that a tokenizer has beside its model's, or knows of its model's by more than their text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly HashSet<string> _special = [];

    /// <summary>
    /// Adds tokens in their order. One that the model has keeps the model's id, another gets the next one that is free:
    /// as in the reference library, which does not read the ids that a file states.
    /// </summary>
    public AddedVocabulary(IReadOnlyList<AddedToken> tokens, Vocabulary vocabulary, INormalizer? normalizer)
    {
        var added = new List<AddedToken>();
        var largest = -1;
        foreach (var token in tokens.Where(t => t.Content.Length > 0))
        {
            if (token.IsSpecial)
            {
                _special.Add(token.Content);
            }

            var id = _ids.TryGetValue(token.Content, out var known) ? known : vocabulary.Find(token.Content);
            id = id >= 0 ? id : Math.Max(largest + 1, vocabulary.Count);
            largest = Math.Max(largest, id);
            var placed = token with { Id = id };
            _ids[token.Content] = id;
            _byId[id] = placed;
            added.Add(placed);
        }

        // Special ones first: of two with the same text the first is found.
        var ordered = added.OrderBy(t => t.IsSpecial ? 0 : 1).Select(t => _byId[t.Id]).ToList();
        Plain = new AddedFinder(ordered.Where(t => !t.IsNormalized).Select(t => (t.Content, t)));
        var workspace = new Workspace();
        Normalized = new AddedFinder(ordered.Where(t => t.IsNormalized).Select(t => (Normalize(t.Content, normalizer, workspace), t)));
    }

    /// <summary>Finds those that stand in the text as it is.</summary>
    public AddedFinder Plain { get; }

    /// <summary>Finds those that stand in the normalized text.</summary>
    public AddedFinder Normalized { get; }

    /// <summary>How many of the tokens the model does not have.</summary>
    public int CountBeyond(Vocabulary vocabulary) => _ids.Count(t => vocabulary.Find(t.Key) < 0);

    /// <summary>The id of a token; -1 where it is not one of these.</summary>
    public int Find(string token) => _ids.GetValueOrDefault(token, -1);

    /// <summary>The token of an id; null where it is not one of these.</summary>
    public string? TokenOf(int id) => _byId.GetValueOrDefault(id)?.Content;

    /// <summary>Whether a token is left out of decoded text.</summary>
    public bool IsSpecial(string token) => _special.Contains(token);

    private static string Normalize(string content, INormalizer? normalizer, Workspace workspace)
    {
        workspace.Text.Load(content, 0);
        normalizer?.Normalize(workspace);
        return workspace.Text.Span.ToString();
    }
}
