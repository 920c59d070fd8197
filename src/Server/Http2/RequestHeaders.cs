using System.Collections;
using Microsoft.Extensions.Primitives;

namespace Serving.Server.Http2;

/// <summary>
/// The headers of a request as applications see them. Requests have few, so they are looked for one by one; only who changes them,
/// or wants them all, has a table made.
/// </summary>
/// <param name="head">Where they are.</param>
internal sealed class RequestHeaders(RequestHead head) : IHeaderDictionary
{
    private HeaderDictionary? _table;

    public long? ContentLength
    {
        get => _table is null ? (head.Length < 0 ? null : head.Length) : _table.ContentLength;
        set => Table.ContentLength = value;
    }

    public ICollection<string> Keys => Table.Keys;

    public ICollection<StringValues> Values => Table.Values;

    public int Count => Table.Count;

    public bool IsReadOnly => false;

    private HeaderDictionary Table => _table ??= MakeTable();

    public StringValues this[string key]
    {
        get => TryGetValue(key, out var value) ? value : StringValues.Empty;
        set => Table[key] = value;
    }

    /// <summary>The headers are those of another request.</summary>
    public void Reset() => _table = null;

    public bool TryGetValue(string key, out StringValues value)
    {
        if (_table is not null)
        {
            return _table.TryGetValue(key, out value);
        }

        value = default;
        var fields = head.Fields;
        foreach (var field in fields)
        {
            if (Matches(field.Name, key))
            {
                value = value.Count == 0 ? field.Value : StringValues.Concat(value, field.Value);
            }
        }

        return value.Count > 0;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool Contains(KeyValuePair<string, StringValues> item) => TryGetValue(item.Key, out var value) && value.Equals(item.Value);

    public void Add(string key, StringValues value) => Table.Add(key, value);

    public void Add(KeyValuePair<string, StringValues> item) => Table.Add(item);

    public bool Remove(string key) => Table.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => Table.Remove(item);

    public void Clear() => Table.Clear();

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => Table.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, StringValues>>)Table).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Matches(string name, string key) =>
        ReferenceEquals(name, key) || (name.Length == key.Length && name.Equals(key, StringComparison.OrdinalIgnoreCase));

    private HeaderDictionary MakeTable()
    {
        var table = new HeaderDictionary(head.Fields.Length);
        foreach (var field in head.Fields)
        {
            table[field.Name] = StringValues.Concat(table[field.Name], field.Value);
        }

        return table;
    }
}
