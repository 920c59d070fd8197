using System.Buffers;
using System.Buffers.Binary;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>
/// Decodes a request without any JSON: the body is the one input of the model, whose shape follows from its signature and
/// the body's size. All outputs come back raw.
/// </summary>
internal static class RawRequestReader
{
    /// <param name="body">The input's bytes; must outlive the request.</param>
    /// <param name="signatures">The model's inputs.</param>
    /// <param name="batchAxis">Where the model batches, the input's batch axis, which becomes 1.</param>
    /// <param name="target">The rest of the request.</param>
    public static Outcome<DecodedRequest> Read(
        ReadOnlyMemory<byte> body, IReadOnlyList<TensorSignature> signatures, int? batchAxis, InferTarget target)
    {
        if (signatures.Count != 1)
        {
            return InferenceFailure.InvalidInput(
                $"a raw request ({InferHeaders.JsonLengthHeader}: 0) needs a model with one input, model '{target.Model}' has {signatures.Count}");
        }

        var input = signatures[0];
        if (!TryGetShape(input, batchAxis, body.Length, out var shape))
        {
            return InferenceFailure.InvalidInput(
                $"the shape of input '{input.Name}' does not follow from a raw request of {body.Length} bytes: "
                + $"it is {input.Type.Name()} {input.Shape}, expected at most one axis besides the batch that varies, and for BYTES one element");
        }

        // The one BYTES element is the whole body, as curl sends a file; in memory its length stands before it.
        var element = input.Type == ElementType.Bytes ? WithLength(body.Span) : null;
        var data = element?.WrittenMemory ?? body;
        var failure = BinaryTensor.Check(input.Name, input.Type, shape, data.Span);
        return failure is not null ? failure : new DecodedRequest(
            new InferenceRequest
            {
                ModelName = target.Model,
                ModelVersion = target.Version,
                Inputs = [new InputTensor(input.Name, input.Type, shape, new ReadOnlySequence<byte>(data))],
                Deadline = target.Deadline(null),
                Received = target.Received,
                Priority = target.Headers.Priority,
                Tenant = target.Headers.Tenant,
            },
            RequestedOutputs.AllAsBinary,
            [new RequestInput(input.Name, input.Type, shape, null, element)]);
    }

    private static PooledBufferWriter WithLength(ReadOnlySpan<byte> element)
    {
        var block = new PooledBufferWriter(sizeof(uint) + element.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block.GetSpan(sizeof(uint)), (uint)element.Length);
        block.Advance(sizeof(uint));
        block.Write(element);
        return block;
    }

    private static bool TryGetShape(TensorSignature input, int? batchAxis, int length, out TensorShape shape)
    {
        shape = batchAxis is { } axis && input.Shape[axis] < 0 ? input.Shape.With(axis, 1) : input.Shape;
        var open = shape.Dims.IndexOf(-1);
        if (open >= 0)
        {
            if (shape.Dims[(open + 1)..].Contains(-1))
            {
                return false;
            }

            shape = shape.With(open, 1);
        }

        if (!shape.TryCountElements(out var others) || (input.Type == ElementType.Bytes && others != 1))
        {
            return false;
        }

        if (open >= 0 && input.Type != ElementType.Bytes && others > 0)
        {
            shape = shape.With(open, length / input.Type.Size() / others);
        }

        return true;
    }
}
