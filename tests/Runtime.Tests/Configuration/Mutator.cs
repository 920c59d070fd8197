namespace Serving.Runtime.Tests.Configuration;

/// <summary>Damages texts in the ways that people and disks do, the same way for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "<", ">", ":", ",", "-", "\n", "  ", "\t", "\"", "'", "\\", "#", "&a", "*a", "!", "|", "~", "?", "%", "0", "-1",
        "99999999999999999999", "1e400", "0x", "true", "null", "\0", "\uD800", "é", "---", "<<: ", "\\777", "\\u12", "name", "key", "value",
    ];

    private readonly Random _random = new(seed);

    public string Mutate(string text)
    {
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            text = Once(text);
        }

        return text;
    }

    private string Once(string text)
    {
        var at = _random.Next(text.Length + 1);
        var length = _random.Next(Math.Min(20, text.Length - at) + 1);
        return _random.Next(5) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, Pieces[_random.Next(Pieces.Length)]),
            2 => text.Insert(_random.Next(text.Length + 1), text.Substring(at, length)),
            3 => text[..at],
            _ => string.Concat(text.AsSpan(0, at), Pieces[_random.Next(Pieces.Length)], text.AsSpan(at + length)),
        };
    }
}
