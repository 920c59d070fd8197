using System.Buffers;

namespace Serving.Server.Http2.Hpack;

/// <summary>
/// Reads blocks of header fields (RFC 7541). One for each connection, because what a client has sent to be remembered is named by
/// number afterwards. Fields that come again cost no memory.
/// </summary>
/// <param name="tableSize">What the dynamic table may take, as the settings have told the client.</param>
internal sealed class HpackDecoder(int tableSize)
{
    private readonly DynamicTable _table = new(tableSize);
    private readonly LiteralCache _literals = new();

    /// <summary>Reads a whole block and hands its fields over in their order.</summary>
    /// <exception cref="Http2Exception">The block cannot be read, so neither can any after it.</exception>
    public void Decode(ReadOnlySpan<byte> block, RequestHead head)
    {
        var position = 0;
        var mayResize = true;
        while (position < block.Length)
        {
            var first = block[position];
            if ((first & 0x80) != 0)
            {
                head.Add(ReadIndexed(block, ref position));
            }
            else if ((first & 0xe0) == 0x20)
            {
                if (!mayResize || !HpackInteger.TryRead(block, ref position, 5, out var size) || !_table.TryResize(size))
                {
                    throw Wrong("a change of the dynamic table's size");
                }

                continue;
            }
            else
            {
                head.Add(ReadLiteral(block, ref position, isRemembered: (first & 0x40) != 0));
            }

            mayResize = false;
        }
    }

    private HeaderField ReadIndexed(ReadOnlySpan<byte> block, ref int position)
    {
        if (!HpackInteger.TryRead(block, ref position, 7, out var index) || index == 0 || index > StaticTable.Count + _table.Count)
        {
            throw Wrong("the number of a field");
        }

        return index <= StaticTable.Count ? StaticTable.Get(index) : _table[index - StaticTable.Count - 1].Field;
    }

    private HeaderField ReadLiteral(ReadOnlySpan<byte> block, ref int position, bool isRemembered)
    {
        var start = position;
        if (!HpackInteger.TryRead(block, ref position, isRemembered ? 6 : 4, out var index) || index > StaticTable.Count + _table.Count)
        {
            throw Wrong("the number of a name");
        }

        // A number of the dynamic table means something else tomorrow, and what is remembered comes by number the next time.
        var isCached = !isRemembered && index <= StaticTable.Count;
        var ends = position;
        if (isCached && TrySkipTexts(block, ref ends, index == 0 ? 2 : 1) && _literals.TryGet(block[start..ends], out var known))
        {
            position = ends;
            return known;
        }

        var name = index == 0 ? ReadText(block, ref position, null)
            : index <= StaticTable.Count ? StaticTable.NameOf(index)
            : _table[index - StaticTable.Count - 1].Name;
        var field = new HeaderField(name, ReadText(block, ref position, name));
        if (isRemembered)
        {
            _table.Add(name, field);
        }
        else if (isCached)
        {
            _literals.Add(block[start..position], field);
        }

        return field;
    }

    private static bool TrySkipTexts(ReadOnlySpan<byte> block, ref int position, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!HpackInteger.TryRead(block, ref position, 7, out var length) || length > block.Length - position)
            {
                return false;
            }

            position += length;
        }

        return true;
    }

    private static string ReadText(ReadOnlySpan<byte> block, ref int position, string? name)
    {
        var isHuffman = position < block.Length && (block[position] & 0x80) != 0;
        if (!HpackInteger.TryRead(block, ref position, 7, out var length) || length > block.Length - position)
        {
            throw Wrong(name is null ? "the length of a name" : $"the length of {name}");
        }

        var bytes = block.Slice(position, length);
        position += length;
        if (!isHuffman)
        {
            return System.Text.Encoding.Latin1.GetString(bytes);
        }

        var characters = ArrayPool<char>.Shared.Rent(Huffman.MostCharacters(length));
        try
        {
            var written = Huffman.Decode(bytes, characters);
            return written >= 0 ? new string(characters, 0, written) : throw Wrong(name is null ? "the code of a name" : $"the code of {name}");
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static Http2Exception Wrong(string where) => new(Http2Error.Compression, $"the header block is not valid HPACK: {where}");
}
