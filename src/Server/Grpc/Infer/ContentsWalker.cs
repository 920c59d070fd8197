using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Walks over the fields of InferTensorContents: each is one element, or a packed run of them.</summary>
internal ref struct ContentsWalker(ReadOnlySequence<byte> contents)
{
    private WireReader _reader = new(contents);
    private int _field;
    private WireType _type;

    /// <summary>The field's number.</summary>
    public readonly ContentsField Field => (ContentsField)_field;

    /// <summary>Whether <see cref="Bytes"/> is a run of elements.</summary>
    public readonly bool IsPacked => _type == WireType.Length && Field != ContentsField.Bytes;

    /// <summary>The bytes of a run, of one number of fixed size, or of one byte string.</summary>
    public ReadOnlySequence<byte> Bytes { get; private set; }

    /// <summary>One number of variable size.</summary>
    public ulong Number { get; private set; }

    /// <summary>Whether the walk ended before the contents did.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next field that holds elements.</summary>
    public bool MoveNext()
    {
        while (!_reader.End && !IsMalformed)
        {
            var holdsElements = false;
            IsMalformed = !_reader.TryReadTag(out _field, out _type) || !TryRead(out holdsElements);
            if (!IsMalformed && holdsElements)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryRead(out bool holdsElements)
    {
        var single = Field.ElementWireType();
        holdsElements = single is not null && (_type == single || _type == WireType.Length);
        if (!holdsElements)
        {
            return _reader.TrySkip(_field, _type);
        }

        var read = true;
        switch (_type)
        {
            case WireType.Varint:
                read = _reader.TryReadVarint(out var number);
                Number = number;
                break;
            case WireType.Length:
                read = _reader.TryReadBytes(out var bytes);
                Bytes = bytes;
                break;
            default:
                read = _reader.TryReadFixed(_type, out var value);
                Bytes = value;
                break;
        }

        return read;
    }
}
