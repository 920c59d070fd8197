using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>Which characters are the same where case does not matter: those with the same simple lower case, and the long s and Greek forms that share a capital.</summary>
internal static class CaseVariants
{
    private static readonly Lazy<Dictionary<int, List<int>>> Variants = new(Make);

    /// <summary>A set with every variant of its members.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var added = Variants.Value.Where(v => set.Contains(v.Key)).SelectMany(v => v.Value).Select(c => (c, c + 1));
        return new CodePointSet([.. set.Ranges, .. added]);
    }

    private static Dictionary<int, List<int>> Make()
    {
        var lower = UnicodeTables.Map("lower").Where(p => p.Value.Length == 1).ToDictionary(p => p.Key, p => p.Value[0]);
        lower['\u017F'] = 's';
        lower['\u03C2'] = '\u03C3';
        lower['\u03D0'] = '\u03B2';
        lower['\u03D1'] = '\u03B8';
        lower['\u03D5'] = '\u03C6';
        lower['\u03D6'] = '\u03C0';
        lower['\u03F0'] = '\u03BA';
        lower['\u03F1'] = '\u03C1';
        lower['\u03F5'] = '\u03B5';
        lower['\u1E9B'] = '\u1E61';
        lower['\u1FBE'] = '\u03B9';
        lower['\u00B5'] = '\u03BC';
        var variants = new Dictionary<int, List<int>>();
        foreach (var group in lower.GroupBy(p => p.Value))
        {
            List<int> all = [group.Key, .. group.Select(p => p.Key)];
            all.ForEach(c => variants[c] = all);
        }

        return variants;
    }
}
