namespace Serving.Runtime.Tasks.Audio;

/// <summary>
/// Makes text of what a CTC model tells at each moment: the likeliest token of each, repeated ones once, blanks left out (A. Graves et
/// al., "Connectionist Temporal Classification", 2006, section 3.2, best path).
/// </summary>
/// <param name="vocabulary">What the tokens are.</param>
internal sealed class CtcText(CtcVocabulary vocabulary)
{
    private const string Blank = " ";

    /// <summary>The characters, with a blank for each end of a word.</summary>
    /// <param name="path">The likeliest token of each moment.</param>
    public IReadOnlyList<SpokenPart> Characters(IReadOnlyList<int> path)
    {
        var parts = new List<SpokenPart>();
        for (var i = 0; i < path.Count;)
        {
            var start = i;
            for (i++; i < path.Count && path[i] == path[start]; i++)
            {
            }

            if (vocabulary.TextOf(path[start]) is { } text)
            {
                parts.Add(new SpokenPart(text == vocabulary.Delimiter ? Blank : vocabulary.Written(text), start, i));
            }
        }

        return parts;
    }

    /// <summary>The words.</summary>
    public static IReadOnlyList<SpokenPart> Words(IReadOnlyList<SpokenPart> characters)
    {
        var words = new List<SpokenPart>();
        var isOpen = false;
        foreach (var character in characters)
        {
            if (character.Text == Blank)
            {
                isOpen = false;
            }
            else if (isOpen)
            {
                words[^1] = words[^1] with { Text = words[^1].Text + character.Text, End = character.End };
            }
            else
            {
                words.Add(character);
                isOpen = true;
            }
        }

        return words;
    }

    /// <summary>The text as a whole.</summary>
    public static string Join(IReadOnlyList<SpokenPart> characters) => string.Concat(characters.Select(character => character.Text)).Trim();
}
