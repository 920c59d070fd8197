using System.Buffers.Binary;
using System.Text;

namespace Serving.Runtime.Graphs;

/// <summary>
/// Reads protobuf fields from a stream and seeks over what nobody wants, so that a graph with gigabytes of weights
/// is read in milliseconds. Wire format: https://protobuf.dev/programming-guides/encoding.
/// </summary>
internal sealed class ProtoReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _position;

    /// <summary>The offset of the next byte.</summary>
    public long Position => _position;

    /// <summary>The field number of the tag that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>The wire type of the tag that was read last.</summary>
    public int WireType { get; private set; }

    /// <summary>Reads the next tag; false at <paramref name="end"/>.</summary>
    public bool ReadTag(long end)
    {
        if (_position >= end)
        {
            CheckInside(_position, end);
            return false;
        }

        var tag = ReadVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        WireType = (int)(tag & 7);
        return Field > 0 ? true : throw new InvalidDataException($"not an ONNX model: field number 0 at byte {_position}");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"not an ONNX model: a number of more than ten bytes ends at byte {_position}");
    }

    /// <summary>Reads a length and answers where the message that it announces ends.</summary>
    public long ReadLength(long end)
    {
        if (WireType != 2)
        {
            throw new InvalidDataException($"not an ONNX model: field {Field} before byte {_position} has wire type {WireType}, expected 2");
        }

        var length = ReadVarint();
        CheckInside(_position, end);
        if (length > (ulong)(end - _position))
        {
            throw new InvalidDataException($"the ONNX model is truncated: field {Field} at byte {_position} announces {length} bytes, {end - _position} are left");
        }

        return _position + (long)length;
    }

    public string ReadString(long end)
    {
        var stop = ReadLength(end);
        var length = checked((int)(stop - _position));
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            Fill();
            var count = Math.Min(length - done, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(bytes.AsSpan(done));
            Advance(count);
            done += count;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads a repeated integer field, packed or one by one.</summary>
    public void ReadIntegers(long end, List<long> into)
    {
        if (WireType == 0)
        {
            into.Add((long)ReadVarint());
            return;
        }

        var stop = ReadLength(end);
        while (_position < stop)
        {
            into.Add((long)ReadVarint());
        }
    }

    /// <summary>Passes over the value of the tag that was read last.</summary>
    public void Skip(long end)
    {
        var stop = WireType switch
        {
            0 => -1,
            1 => _position + sizeof(ulong),
            2 => ReadLength(end),
            5 => _position + sizeof(uint),
            _ => throw new InvalidDataException($"not an ONNX model: wire type {WireType} at byte {_position}"),
        };
        if (stop < 0)
        {
            ReadVarint();
            return;
        }

        CheckInside(stop, end);
        SkipTo(stop);
    }

    /// <summary>Passes over everything up to a position.</summary>
    public void SkipTo(long position)
    {
        CheckInside(_position, position);
        var ahead = position - _position;
        if (ahead <= _end - _start)
        {
            Advance((int)ahead);
            return;
        }

        stream.Seek(position, SeekOrigin.Begin);
        _start = _end = 0;
        _position = position;
    }

    public float ReadFloat32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (ref var b in bytes)
        {
            b = ReadByte();
        }

        return BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    /// <summary>A value that reaches beyond the message that it is in would be followed by what is not its next field.</summary>
    private static void CheckInside(long position, long end)
    {
        if (position > end)
        {
            throw new InvalidDataException($"not an ONNX model: a field that ends at byte {position} is inside a message that ends at byte {end}");
        }
    }

    private byte ReadByte()
    {
        Fill();
        var value = _buffer[_start];
        Advance(1);
        return value;
    }

    private void Fill()
    {
        if (_start < _end)
        {
            return;
        }

        _start = 0;
        _end = stream.Read(_buffer);
        if (_end == 0)
        {
            throw new InvalidDataException($"the ONNX model is truncated: it ends at byte {_position}");
        }
    }

    private void Advance(int count)
    {
        _start += count;
        _position += count;
    }
}
