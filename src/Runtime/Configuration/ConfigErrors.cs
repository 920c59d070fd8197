namespace Serving.Runtime.Configuration;

/// <summary>Collects what is wrong with one configuration file, so that the user sees all of it at once: up to a hundred errors, and how many more.</summary>
internal sealed class ConfigErrors
{
    // Long values would bury the message; arbitrary.
    private const int LongestQuote = 60;

    // A damaged file can have one every few characters; nobody reads so many. Arbitrary.
    private const int MostErrors = 100;

    private readonly List<(TextPosition At, string Text)> _errors = [];
    private int _more;
    private TextPosition _last;

    /// <summary>Whether further errors are only counted.</summary>
    public bool IsFull => _errors.Count == MostErrors;

    /// <summary>Notes that <paramref name="key"/> is wrong; an empty key stands for the file as a whole.</summary>
    public void Add(TextPosition at, string key, string message)
    {
        if (IsFull)
        {
            _more++;
            _last = at;
            return;
        }

        var place = $"line {at.Line}, column {at.Column}";
        _errors.Add((at, OneLine(key.Length == 0 ? $"{place}: {message}" : $"{key} ({place}): {message}")));
    }

    /// <summary>Throws with everything noted, in the order of the file; returns where there is nothing.</summary>
    public void ThrowIfAny(string file)
    {
        if (_errors.Count > 0)
        {
            var errors = _errors.OrderBy(e => e.At.Line).ThenBy(e => e.At.Column).Select(e => e.Text);
            throw new ConfigException(file, [.. errors, .. _more == 0 ? (string[])[] : [$"line {_last.Line}, column {_last.Column}: the last of {_more} more errors"]]);
        }
    }

    /// <summary>A value as messages show it: on one line, in quotes, shortened where it is long.</summary>
    public static string Quote(string value)
    {
        var shown = value.Length <= LongestQuote ? value : value[..LongestQuote] + "...";
        return $"'{OneLine(shown)}'";
    }

    /// <summary>A message on one line: what a library says of a text may quote the text.</summary>
    public static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
