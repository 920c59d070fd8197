using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>An input that is gathered row by row. Owns its data until <see cref="MoveTo"/>.</summary>
/// <param name="input">The input.</param>
/// <param name="asFeatures">Whether values are flat lists that fill the shape of a row, and not nested as it is.</param>
internal sealed class TensorColumn(TensorSignature input, bool asFeatures) : IDisposable
{
    private PooledBufferWriter? _block;
    private TensorShape _rowShape;

    public TensorSignature Input { get; } = input;

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    /// <summary>Appends the row that the reader stands on and leaves it on the row's last token. Null, or what is wrong.</summary>
    public InferenceFailure? Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        Span<long> dims = stackalloc long[NestedShape.MaxRank];
        dims.Clear();
        var rank = NestedShape.Measure(ref reader, json, dims);
        if (asFeatures && !FeatureShape.TryResolve(Input, dims, ref rank))
        {
            return InferenceFailure.InvalidInput($"the values of '{Input.Name}' do not fill a row of its shape {Input.Shape}");
        }

        if (_block is null)
        {
            _block = new PooledBufferWriter(0);
            _rowShape = new TensorShape(dims[..rank].ToArray());
        }
        else if (!dims[..rank].SequenceEqual(_rowShape.Dims))
        {
            return InferenceFailure.InvalidInput(
                $"input '{Input.Name}' has shape {new TensorShape(dims[..rank].ToArray())}, expected {_rowShape} as in the rows before");
        }

        Rows++;
        return ValueReader.Append(ref reader, json, Input, _rowShape, _block);
    }

    /// <summary>Hands the rows over, all of them so many times. Null, or why that cannot be.</summary>
    /// <param name="inputs">The new owner.</param>
    /// <param name="times">1, or the number of rows of the request for a row that all share.</param>
    /// <param name="limit">The most bytes that repeating may make.</param>
    public InferenceFailure? MoveTo(RequestInputs inputs, int times, long limit)
    {
        if (_block is null)
        {
            return null;
        }

        if (times > 1 && (long)_block.Length * times > limit)
        {
            return InferenceFailure.TooLarge(
                $"'{Input.Name}' of the context has {_block.Length} bytes and is shared by {times} examples; the limit is {limit} bytes (--max-request-bytes)");
        }

        // Room first: growing moves what is copied.
        var row = _block.Length;
        _block.GetSpan(row * (times - 1));
        for (var i = 1; i < times; i++)
        {
            _block.Write(_block.WrittenMemory.Span[..row]);
        }

        inputs.Add(Input.Name, Input.Type, new TensorShape([(long)Rows * times, .. _rowShape.Dims]), _block);
        _block = null;
        return null;
    }

    public void Dispose() => _block?.Dispose();
}
