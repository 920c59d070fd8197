using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Makes entities of tokens as Hugging Face's token classification does: tokens become words, words of one class that follow one
/// another become groups, where a label that begins with B- starts a new one.
/// </summary>
/// <param name="tokenizer">Writes the texts of groups.</param>
/// <param name="labels">The classes' names.</param>
internal sealed class EntityGrouping(Tokenizer tokenizer, IReadOnlyList<string> labels)
{
    public const string None = "none";
    public const string Simple = "simple";
    public const string First = "first";
    public const string Average = "average";
    public const string Max = "max";

    /// <summary>The entities, in the order of the text.</summary>
    /// <param name="tokens">The text's own tokens, in order.</param>
    /// <param name="strategy">One of the constants.</param>
    public IEnumerable<Entity> Group(IReadOnlyList<ScoredToken> tokens, string strategy)
    {
        if (strategy == None)
        {
            return tokens.Select(token => new Entity(NameOf(token.Best), token.Scores[token.Best], token.Word, token.Start, token.End, token.Index));
        }

        return GroupEntities(strategy == Simple ? [.. tokens.Select(token => (token, (int[])[token.Id], token.Best))] : ToWords(tokens, strategy));
    }

    private List<(ScoredToken Token, int[] Ids, int Class)> ToWords(IReadOnlyList<ScoredToken> tokens, string strategy)
    {
        var words = new List<List<ScoredToken>>();
        foreach (var token in tokens)
        {
            if (words.Count > 0 && token.IsSubword)
            {
                words[^1].Add(token);
            }
            else
            {
                words.Add([token]);
            }
        }

        return [.. words.Select(word => ToWord(word, strategy))];
    }

    private static (ScoredToken Token, int[] Ids, int Class) ToWord(List<ScoredToken> word, string strategy)
    {
        var scores = strategy switch
        {
            First => word[0].Scores,
            Max => word.MaxBy(token => token.Scores[token.Best])!.Scores,
            _ => [.. Enumerable.Range(0, word[0].Scores.Length).Select(i => word.Average(token => token.Scores[i]))],
        };
        var whole = word[0] with { Scores = scores, End = word[^1].End };
        return (new ScoredToken(whole.Id, whole.Word, scores, whole.Start, whole.End, false, whole.Index), [.. word.Select(token => token.Id)], Array.IndexOf(scores, scores.Max()));
    }

    private IEnumerable<Entity> GroupEntities(IReadOnlyList<(ScoredToken Token, int[] Ids, int Class)> words)
    {
        var group = new List<(ScoredToken Token, int[] Ids, int Class)>();
        foreach (var word in words)
        {
            var (begins, tag) = TagOf(word.Class);
            if (group.Count > 0 && (begins || tag != TagOf(group[^1].Class).Tag))
            {
                yield return ToEntity(group);
                group.Clear();
            }

            group.Add(word);
        }

        if (group.Count > 0)
        {
            yield return ToEntity(group);
        }
    }

    private Entity ToEntity(List<(ScoredToken Token, int[] Ids, int Class)> group)
    {
        var score = group.Average(word => word.Token.Scores[word.Class]);
        var text = tokenizer.Decode([.. group.SelectMany(word => word.Ids)], skipSpecial: false);
        return new Entity(TagOf(group[0].Class).Tag, score, text, group[0].Token.Start, group[^1].Token.End, group[0].Token.Index);
    }

    private (bool Begins, string Tag) TagOf(int place) => NameOf(place) switch
    {
        ['B', '-', .. var tag] => (true, tag),
        ['I', '-', .. var tag] => (false, tag),
        var tag => (false, tag),
    };

    private string NameOf(int place) => TopClasses.NameOf(place, labels);
}
