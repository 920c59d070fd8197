using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Grpc.Infer;

/// <summary>Turns the field <c>contents</c> of an input into the layout that the engine takes.</summary>
internal static class TypedContents
{
    /// <summary>The elements in a rented block, which the caller owns.</summary>
    /// <param name="input">The input.</param>
    /// <param name="type">Its type.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <param name="limit">The most bytes that the elements may take.</param>
    public static Outcome<PooledBuffer> Convert(in ScannedInput input, ElementType type, string model, long limit)
    {
        var field = ContentsFields.For(type);
        if (field == ContentsField.None)
        {
            return InferenceFailure.InvalidInput(
                $"input '{input.Name}' of model '{model}' is {type.Name()}, which has no typed contents; send it in raw_input_contents");
        }

        var tally = new ContentsTally(field);
        var wellFormed = tally.TryAdd(input.Contents);
        foreach (var piece in input.MoreContents ?? [])
        {
            wellFormed = wellFormed && tally.TryAdd(piece);
        }

        if (!wellFormed)
        {
            return Malformed(input.Name);
        }

        if (Check(input, type, tally, model, limit, out var bytes) is { } failure)
        {
            return failure;
        }

        return Encode(input, type, bytes);
    }

    private static InferenceFailure? Check(in ScannedInput input, ElementType type, in ContentsTally tally, string model, long limit, out int bytes)
    {
        bytes = 0;
        var field = ContentsFields.For(type);
        if (tally.Unexpected != ContentsField.None)
        {
            return InferenceFailure.InvalidInput(
                $"input '{input.Name}' of model '{model}' is {type.Name()}, whose elements belong in {field.Name()}, but {tally.Unexpected.Name()} is set");
        }

        var shape = new TensorShape(input.Shape);
        if (!shape.TryCountElements(out var expected))
        {
            return InferenceFailure.InvalidInput($"input '{input.Name}' of model '{model}' has the impossible shape {shape}");
        }

        if (tally.Elements == 0 && expected > 0)
        {
            return InferRules.NoData(input.Name, model);
        }

        if (tally.Elements != expected)
        {
            return InferenceFailure.InvalidInput(
                $"unexpected number of elements for input '{input.Name}' of model '{model}': shape {shape} has {expected}, but {field.Name()} has {tally.Elements}");
        }

        var total = type == ElementType.Bytes ? tally.StringBytes : tally.Elements * type.Size();
        if (total > Math.Min(limit, int.MaxValue))
        {
            return InferenceFailure.TooLarge(
                $"input '{input.Name}' takes {total} bytes as {type.Name()}; the server accepts at most {limit} (option --max-request-bytes)");
        }

        bytes = (int)total;
        return null;
    }

    private static Outcome<PooledBuffer> Encode(in ScannedInput input, ElementType type, int bytes)
    {
        var buffer = BufferPool.Shared.Rent(bytes);
        var encoder = new ContentsEncoder(type, buffer.GetSpan());
        var encoded = encoder.TryAppend(input.Contents);
        foreach (var piece in input.MoreContents ?? [])
        {
            encoded = encoded && encoder.TryAppend(piece);
        }

        if (encoded)
        {
            return buffer;
        }

        buffer.Dispose();
        return encoder.OutOfRange is { } wrong
            ? InferenceFailure.InvalidInput($"element {wrong.Element} of input '{input.Name}' is {wrong.Value}, which {type.Name()} cannot hold")
            : Malformed(input.Name);
    }

    private static InferenceFailure Malformed(string input) => InferenceFailure.InvalidInput(
        $"the request is not a valid ModelInferRequest: malformed or cut off in the contents of input '{input}'");
}
