using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>The sets of code points that a pattern can name: properties, POSIX brackets and escapes, as Oniguruma has them.</summary>
internal static class NamedSets
{
    private static readonly Dictionary<string, string[]> Groups = new()
    {
        ["l"] = ["lu", "ll", "lt", "lm", "lo"],
        ["lc"] = ["lu", "ll", "lt"],
        ["m"] = ["mn", "mc", "me"],
        ["n"] = ["nd", "nl", "no"],
        ["p"] = ["pc", "pd", "ps", "pe", "pi", "pf", "po"],
        ["s"] = ["sm", "sc", "sk", "so"],
        ["z"] = ["zs", "zl", "zp"],
        ["c"] = ["cc", "cf", "co", "cn"],
    };

    private static readonly Dictionary<string, string> LongNames = new()
    {
        ["letter"] = "l", ["casedletter"] = "lc", ["uppercaseletter"] = "lu", ["lowercaseletter"] = "ll", ["titlecaseletter"] = "lt",
        ["modifierletter"] = "lm", ["otherletter"] = "lo", ["mark"] = "m", ["combiningmark"] = "m", ["nonspacingmark"] = "mn",
        ["spacingmark"] = "mc", ["enclosingmark"] = "me", ["number"] = "n", ["decimalnumber"] = "nd", ["letternumber"] = "nl",
        ["othernumber"] = "no", ["punctuation"] = "p", ["connectorpunctuation"] = "pc", ["dashpunctuation"] = "pd", ["openpunctuation"] = "ps",
        ["closepunctuation"] = "pe", ["initialpunctuation"] = "pi", ["finalpunctuation"] = "pf", ["otherpunctuation"] = "po", ["symbol"] = "s",
        ["mathsymbol"] = "sm", ["currencysymbol"] = "sc", ["modifiersymbol"] = "sk", ["othersymbol"] = "so", ["separator"] = "z",
        ["spaceseparator"] = "zs", ["lineseparator"] = "zl", ["paragraphseparator"] = "zp", ["other"] = "c", ["control"] = "cc",
        ["format"] = "cf", ["privateuse"] = "co", ["unassigned"] = "cn",
    };

    /// <summary>A newline, and what else \R stands for where it is one character.</summary>
    public static CodePointSet LineBreaks { get; } = new([('\n', '\r' + 1), (0x85, 0x86), (0x2028, 0x202A)]);

    /// <summary>Every code point.</summary>
    public static CodePointSet Any { get; } = new([(0, CodePointSet.End)]);

    /// <summary>What \p{name} stands for; null where there is no such property.</summary>
    public static CodePointSet? Property(string name)
    {
        var plain = string.Concat(name.Where(c => c is not (' ' or '_' or '-'))).ToLowerInvariant();
        plain = LongNames.GetValueOrDefault(plain, plain);
        if (Groups.TryGetValue(plain, out var parts))
        {
            return new CodePointSet(parts.SelectMany(p => UnicodeTables.Set($"p:{p}").Ranges));
        }

        return plain switch
        {
            "any" => Any,
            "assigned" => UnicodeTables.Set("p:cn").Complement(),
            _ => UnicodeTables.Find($"p:{plain}") ?? Posix(plain),
        };
    }

    /// <summary>What [:name:] stands for; null where there is no such bracket.</summary>
    public static CodePointSet? Posix(string name) => UnicodeTables.Find($"posix:{name}");

    /// <summary>
    /// What \w, \s, \d and \h stand for, and their opposites in capitals; null for other letters. In brackets they stand for
    /// the POSIX brackets, which have other members: ½ is a word character only outside.
    /// </summary>
    public static CodePointSet? Escape(char letter, bool inBrackets = false) => letter switch
    {
        'w' => UnicodeTables.Set(inBrackets ? "posix:word" : "escape:w"),
        's' => UnicodeTables.Set(inBrackets ? "posix:space" : "escape:s"),
        'd' => UnicodeTables.Set(inBrackets ? "posix:digit" : "escape:d"),
        'h' => UnicodeTables.Set(inBrackets ? "posix:xdigit" : "escape:h"),
        'W' or 'S' or 'D' or 'H' => Escape((char)(letter | 0x20), inBrackets)!.Complement(),
        _ when inBrackets => null,
        'N' => new CodePointSet([('\n', '\n' + 1)]).Complement(),
        'O' => Any,
        _ => null,
    };
}
