using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>
/// Writes the values of an output, nested as their shape says, one after the other and a piece at a time. A value is what lies
/// below an axis: of a batch's first axis a row, of no axis the whole output.
/// </summary>
internal sealed class NestedWriter(OutputTensor output)
{
    /// <summary>What TensorFlow Serving takes for the sign that strings are no text.</summary>
    private const string BinarySuffix = "_bytes";

    private readonly bool _asBase64 = IsBinary(output);
    private ReadOnlyMemory<byte> _rest = output.Data;
    private long[] _axes = [];
    private long _lines;
    private long _line;
    private long _lineLength;
    private long _position;

    /// <summary>Whether the output's strings are written as base64.</summary>
    public static bool IsBinary(in OutputTensor output) =>
        output.Type == ElementType.Bytes && output.Name.EndsWith(BinarySuffix, StringComparison.Ordinal);

    /// <summary>Begins the next value.</summary>
    /// <param name="axis">The first axis that the value still has.</param>
    public void Begin(int axis)
    {
        // Nothing is written below an axis that is empty.
        var axes = output.Shape.Dims[axis..];
        var empty = axes.IndexOf(0);
        _axes = (empty < 0 ? axes : axes[..(empty + 1)]).ToArray();
        _lineLength = _axes is [.., var last] ? last : 1;
        _lines = 1;
        foreach (var extent in _axes.AsSpan(0, Math.Max(0, _axes.Length - 1)))
        {
            _lines *= extent;
        }

        (_line, _position) = (0, 0);
    }

    /// <summary>Writes a piece of the value. False where that was the last.</summary>
    public bool WritePiece(PooledBufferWriter json)
    {
        if (_position == 0)
        {
            json.Write(_line > 0 ? ","u8 : default);
            WriteBrackets(json, (byte)'[', _line);
        }

        if (_position < _lineLength)
        {
            json.Write(_position > 0 ? ","u8 : default);
            var (elements, bytes) = ElementsWriter.Write(json, output.Type, _asBase64, _rest.Span, _lineLength - _position);
            _rest = _rest[bytes..];
            _position += elements;
        }

        if (_position == _lineLength)
        {
            _position = 0;
            WriteBrackets(json, (byte)']', ++_line);
        }

        return _line < _lines;
    }

    /// <summary>The brackets between a line and the one before: one for itself, and one for each array that begins or ends with it.</summary>
    private void WriteBrackets(PooledBufferWriter json, byte bracket, long line)
    {
        if (_axes.Length == 0)
        {
            return;
        }

        json.Write([bracket]);
        for (var axis = _axes.Length - 2; axis >= 0 && line % _axes[axis] == 0; axis--)
        {
            json.Write([bracket]);
            line /= _axes[axis];
        }
    }
}
