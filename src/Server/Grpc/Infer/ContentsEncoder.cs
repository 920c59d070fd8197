using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Serving.Runtime.Tensors;

namespace Serving.Server.Grpc.Infer;

/// <summary>Lays the elements of typed contents out as raw contents are: little-endian, without padding.</summary>
internal ref struct ContentsEncoder(ElementType type, Span<byte> target)
{
    private readonly ContentsField _field = ContentsFields.For(type);
    private readonly Span<byte> _target = target;
    private int _written;

    /// <summary>A number that the type cannot hold, and which element it is.</summary>
    public (long Element, string Value)? OutOfRange { get; private set; }

    /// <summary>Appends a piece of the contents; false where it is malformed or a number is out of range.</summary>
    public bool TryAppend(in ReadOnlySequence<byte> contents)
    {
        var walker = new ContentsWalker(contents);
        while (walker.MoveNext())
        {
            if (walker.Field == _field && !TryAppend(ref walker))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAppend(ref ContentsWalker walker)
    {
        switch (_field)
        {
            case ContentsField.Bytes:
                BinaryPrimitives.WriteUInt32LittleEndian(_target[_written..], (uint)walker.Bytes.Length);
                _written += sizeof(uint);
                Copy(walker.Bytes);
                return true;
            case ContentsField.Fp32 or ContentsField.Fp64:
                Copy(walker.Bytes);
                return true;
            default:
                return walker.IsPacked ? TryAppendRun(walker.Bytes) : TryAppend(walker.Number);
        }
    }

    private void Copy(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_target[_written..]);
        _written += (int)bytes.Length;
    }

    private bool TryAppendRun(in ReadOnlySequence<byte> run)
    {
        var reader = new WireReader(run);
        while (!reader.End)
        {
            if (!reader.TryReadVarint(out var number) || !TryAppend(number))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAppend(ulong number)
    {
        var target = _target[_written..];
        var fits = true;
        switch (type)
        {
            case ElementType.Bool:
                target[0] = number != 0 ? (byte)1 : (byte)0;
                break;
            case ElementType.Int8:
                fits = (int)number is >= sbyte.MinValue and <= sbyte.MaxValue;
                target[0] = (byte)number;
                break;
            case ElementType.UInt8:
                fits = (uint)number <= byte.MaxValue;
                target[0] = (byte)number;
                break;
            case ElementType.Int16:
                fits = (int)number is >= short.MinValue and <= short.MaxValue;
                BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)number);
                break;
            case ElementType.UInt16:
                fits = (uint)number <= ushort.MaxValue;
                BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)number);
                break;
            case ElementType.Int32 or ElementType.UInt32:
                BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)number);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(target, number);
                break;
        }

        if (!fits)
        {
            var value = _field == ContentsField.Int ? (int)number : (long)(uint)number;
            OutOfRange = (_written / type.Size(), value.ToString(CultureInfo.InvariantCulture));
        }

        _written += type.Size();
        return fits;
    }
}
