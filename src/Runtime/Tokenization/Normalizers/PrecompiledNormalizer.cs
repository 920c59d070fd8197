using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's map of characters: a trie over UTF-8 (a double array, as the darts-clone library lays it out) that leads
/// to strings, each with a zero at its end. A grapheme of at most five bytes is looked up as a whole, others character by
/// character; of several keys that a text begins with the shortest counts. What is removed goes, as in the reference library,
/// with whatever was written before it.
/// </summary>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int LongestGrapheme = 5;

    private readonly uint[] _trie;
    private readonly byte[] _strings;

    /// <summary>Reads a map: the trie's size in bytes, the trie, the strings.</summary>
    /// <exception cref="FormatException">It is cut short or its trie has no whole number of units.</exception>
    public PrecompiledNormalizer(byte[] map)
    {
        var size = map.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size > map.Length - 4 || size % 4 != 0 || size == 0)
        {
            throw new FormatException("the map of characters is cut short or damaged");
        }

        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++)
        {
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(4 + 4 * i));
        }

        _strings = map[(int)(4 + size)..];
    }

    public void Normalize(Workspace workspace)
    {
        var text = workspace.Text.Span;
        var output = new List<(int CodePoint, int Change)>(text.Length + 16);
        var isModified = false;
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text[at..]);
            isModified |= Rewrite(text.Slice(at, length), output);
            at += length;
        }

        if (!isModified)
        {
            return;
        }

        workspace.Text.BeginRewrite();
        foreach (var (codePoint, change) in output)
        {
            workspace.Text.Emit(codePoint, change);
        }

        workspace.Text.EndRewrite();
    }

    private bool Rewrite(ReadOnlySpan<char> grapheme, List<(int CodePoint, int Change)> output)
    {
        Span<byte> key = stackalloc byte[3 * LongestGrapheme];
        if (grapheme.Length <= LongestGrapheme && Encoding.UTF8.GetBytes(grapheme, key) is var size and <= LongestGrapheme && Find(key[..size]) is { } whole)
        {
            Replace(output, CodePoints.Count(grapheme), whole);
            return true;
        }

        var isModified = false;
        for (var at = 0; at < grapheme.Length;)
        {
            var c = CodePoints.At(grapheme, at, out var units);
            at += units;
            if (Find(key[..new Rune(c).EncodeToUtf8(key)]) is { } one)
            {
                Replace(output, 1, one);
                isModified = true;
            }
            else
            {
                output.Add((c, 0));
            }
        }

        return isModified;
    }

    private static void Replace(List<(int CodePoint, int Change)> output, int oldCount, string replacement)
    {
        var added = CodePoints.Count(replacement) - oldCount;
        for (var at = 0; at < replacement.Length;)
        {
            output.Add((CodePoints.At(replacement, at, out var length), 0));
            at += length;
        }

        for (var i = 1; i <= added; i++)
        {
            output[^i] = (output[^i].CodePoint, 1);
        }

        if (added < 0 && output.Count > 0)
        {
            output[^1] = (output[^1].CodePoint, output[^1].Change + added);
        }
    }

    // Each unit of the trie: bit 8 says that a value follows, bits 0-7 are the label, bits 10 and up lead to the children.
    private string? Find(ReadOnlySpan<byte> key)
    {
        var at = Offset(_trie[0]);
        foreach (var label in key)
        {
            at ^= label;
            if (label == 0 || at >= _trie.Length || (_trie[at] & 0x800000FF) != label)
            {
                return null;
            }

            var unit = _trie[at];
            at ^= Offset(unit);
            if ((unit & 0x100) != 0)
            {
                return at < _trie.Length ? StringAt((int)(_trie[at] & 0x7FFFFFFF)) : null;
            }
        }

        return null;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private string? StringAt(int start)
    {
        if (start > _strings.Length)
        {
            return null;
        }

        var rest = _strings.AsSpan(start);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
