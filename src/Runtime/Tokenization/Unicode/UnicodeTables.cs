using System.IO.Compression;

namespace Serving.Runtime.Tokenization.Unicode;

/// <summary>
/// What the reference library does with every code point: made by tests/tokenizers/oracle/tables.mjs, which describes the file. The
/// runtime's own tables will not do: with invariant globalization it does not normalize, and the library's parts carry
/// Unicode tables of different versions.
/// </summary>
internal static class UnicodeTables
{
    private static readonly Lazy<(Dictionary<string, List<(int From, int To)>> Sets, Dictionary<string, Dictionary<int, int[]>> Maps)> Content = new(Read);
    private static readonly Dictionary<string, CodePointSet> Made = [];

    /// <summary>The set of a name; null where there is none.</summary>
    public static CodePointSet? Find(string name)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(name, out var set) && Content.Value.Sets.TryGetValue(name, out var ranges))
            {
                set = Made[name] = new CodePointSet(ranges);
            }

            return set;
        }
    }

    /// <summary>The set of a name that the file is known to have.</summary>
    public static CodePointSet Set(string name) => Find(name) ?? throw new KeyNotFoundException($"unicode.tables has no set '{name}'");

    /// <summary>The entries of a map that the file is known to have.</summary>
    public static IReadOnlyDictionary<int, int[]> Map(string name) => Content.Value.Maps[name];

    private static (Dictionary<string, List<(int From, int To)>> Sets, Dictionary<string, Dictionary<int, int[]>> Maps) Read()
    {
        using var resource = typeof(UnicodeTables).Assembly.GetManifestResourceStream("unicode.tables")!;
        using var file = new BufferedStream(new DeflateStream(resource, CompressionMode.Decompress));
        return (ReadAll(file, ReadRanges), ReadAll(file, ReadEntries));
    }

    private static Dictionary<string, T> ReadAll<T>(Stream file, Func<Stream, T> read)
    {
        var all = new Dictionary<string, T>();
        for (var count = Number(file); count > 0; count--)
        {
            var name = string.Create(Number(file), file, static (text, from) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)from.ReadByte();
                }
            });
            all.Add(name, read(file));
        }

        return all;
    }

    private static List<(int From, int To)> ReadRanges(Stream file)
    {
        var ranges = new List<(int From, int To)>();
        var end = 0;
        for (var count = Number(file); count > 0; count--)
        {
            var from = end + Number(file);
            end = from + Number(file);
            ranges.Add((from, end));
        }

        return ranges;
    }

    private static Dictionary<int, int[]> ReadEntries(Stream file)
    {
        var entries = new Dictionary<int, int[]>();
        var key = 0;
        for (var count = Number(file); count > 0; count--)
        {
            key += Number(file);
            var value = new int[Number(file)];
            for (var i = 0; i < value.Length; i++)
            {
                value[i] = Number(file);
            }

            entries.Add(key, value);
        }

        return entries;
    }

    private static int Number(Stream file)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = file.ReadByte();
            value |= (next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }
}
