using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>What is to be said about a config.pbtxt: errors, and what is odd but changes no answer.</summary>
internal sealed class TritonNotes
{
    private readonly List<string> _warnings = [];

    public ConfigErrors Errors { get; } = new();

    public ImmutableArray<string> Warnings => [.. _warnings];

    public void Warn(TextPosition at, string path, string reason) => _warnings.Add($"{path} (line {at.Line}): {reason}");

    public void Refuse(PbtxtNode node, string path, string allowed) =>
        Errors.Add(node.At, path, $"{node.Describe()} is not allowed; allowed is {allowed}");

    /// <summary>
    /// An integer that must lie in a range; null where it is not given. A value of another kind was noted when the fields were checked.
    /// </summary>
    public long? Integer(PbtxtNode? node, string path, long min, long max)
    {
        if (PbtxtValues.Integer(node) is not { } value || (value >= min && value <= max))
        {
            return PbtxtValues.Integer(node);
        }

        Refuse(node!, path, max == long.MaxValue ? $"an integer of at least {min}" : $"an integer from {min} to {max}");
        return null;
    }

    /// <summary>The entries of a map field by key; one without a key, or with the key of another, is noted.</summary>
    public IReadOnlyDictionary<string, PbtxtNode.Message> Map(IEnumerable<PbtxtNode.Message> entries, string path)
    {
        var map = new Dictionary<string, PbtxtNode.Message>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var key = PbtxtValues.Text(entry.One("key"));
            if (string.IsNullOrEmpty(key))
            {
                Errors.Add(entry.At, path, "an entry has no key");
            }
            else if (!map.TryAdd(key, entry))
            {
                Errors.Add(entry.At, path, $"the key {ConfigErrors.Quote(key)} is given twice, first in line {map[key].At.Line}");
            }
        }

        return map;
    }
}
