using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>
/// Reads protobuf's wire format from memory that may lie in pieces. Every method answers false where the bytes are malformed
/// or end too early, and never reads beyond them.
/// </summary>
internal ref struct WireReader(ReadOnlySequence<byte> message)
{
    /// <summary>As protobuf's own parsers allow.</summary>
    private const int DeepestGroup = 100;

    private const int LongestVarint = 10;

    private SequenceReader<byte> _reader = new(message);

    public readonly bool End => _reader.End;

    /// <summary>Reads a field's number and layout.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue || tag >> 3 == 0 || (tag & 7) > (int)WireType.Fixed32)
        {
            return false;
        }

        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return true;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < LongestVarint; i++)
        {
            if (!_reader.TryRead(out var part))
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a length and takes that many bytes without copying them.</summary>
    public bool TryReadBytes(out ReadOnlySequence<byte> bytes)
    {
        if (TryReadVarint(out var length) && length <= (ulong)_reader.Remaining)
        {
            return _reader.TryReadExact((int)length, out bytes);
        }

        bytes = default;
        return false;
    }

    /// <summary>Takes as many bytes as <paramref name="type"/>'s layout has: 4 or 8.</summary>
    public bool TryReadFixed(WireType type, out ReadOnlySequence<byte> bytes) =>
        _reader.TryReadExact(type == WireType.Fixed32 ? sizeof(uint) : sizeof(ulong), out bytes);

    /// <summary>Passes over a field whose tag was read.</summary>
    public bool TrySkip(int field, WireType type) => TrySkip(field, type, depth: 0);

    private bool TrySkip(int field, WireType type, int depth) => type switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 or WireType.Fixed32 => TryReadFixed(type, out _),
        WireType.Length => TryReadBytes(out _),
        WireType.StartGroup => depth < DeepestGroup && TrySkipGroup(field, depth + 1),
        _ => false,
    };

    private bool TrySkipGroup(int group, int depth)
    {
        while (TryReadTag(out var field, out var type))
        {
            if (type == WireType.EndGroup)
            {
                return field == group;
            }

            if (!TrySkip(field, type, depth))
            {
                return false;
            }
        }

        return false;
    }
}
