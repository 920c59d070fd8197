using System.Buffers;
using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Padding;

/// <summary>
/// Makes the attention masks that requests leave out: all ones, as a request alone has no padding. Only for masks whose extents
/// follow from the other inputs by the graph's names of axes, which may be sums such as <c>past + sequence</c>.
/// </summary>
internal sealed class OmittedMasks
{
    /// <summary>What exporters call masks in which 1 stands for a token and 0 for padding; others may mean the contrary.</summary>
    private static readonly string[] Names = ["attention_mask", "input_mask"];

    /// <summary>A mask of more bytes is not made; arbitrary, a million tokens in 64-bit integers.</summary>
    private const long LargestBytes = 8 << 20;

    private readonly GraphSignature _signature;
    private readonly Func<InputTensor?[], long>[]?[] _extents;

    public OmittedMasks(GraphSignature signature)
    {
        _signature = signature;
        _extents = [.. signature.Inputs.Select(Extents)];
    }

    /// <summary>Fills in what is missing.</summary>
    /// <param name="inputs">A request's inputs in the model's order.</param>
    public void Fill(InputTensor?[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is null && _extents[i] is { } extents && Make(_signature.Inputs[i], extents, inputs) is { } mask)
            {
                inputs[i] = mask;
            }
        }
    }

    private static InputTensor? Make(TensorSignature mask, Func<InputTensor?[], long>[] extents, InputTensor?[] inputs)
    {
        var dims = new long[extents.Length];
        for (var axis = 0; axis < dims.Length; axis++)
        {
            dims[axis] = extents[axis](inputs);
            if (dims[axis] < 0)
            {
                return null;
            }
        }

        var shape = new TensorShape(dims);
        if (!shape.TryCountElements(out var count) || count > LargestBytes / mask.Type.Size())
        {
            return null;
        }

        var ones = new byte[count * mask.Type.Size()];
        Filler.Fill(ones, mask.Type, 1);
        return new InputTensor(mask.Name, mask.Type, shape, new ReadOnlySequence<byte>(ones));
    }

    // Null for what is no mask, or one with an axis that nothing else has.
    private Func<InputTensor?[], long>[]? Extents(TensorSignature mask)
    {
        if (!Names.Any(name => mask.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase)) || !mask.HasRank || mask.Type == ElementType.Bytes)
        {
            return null;
        }

        var extents = new Func<InputTensor?[], long>[mask.Shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if ((mask.Shape[axis] >= 0 ? Constant(mask.Shape[axis]) : Sum(mask.AxisNames[axis])) is not { } extent)
            {
                return null;
            }

            extents[axis] = extent;
        }

        return extents;
    }

    private static Func<InputTensor?[], long> Constant(long extent) => _ => extent;

    private Func<InputTensor?[], long>? Sum(string name)
    {
        var terms = name.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(term => long.TryParse(term, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Constant(number) : Find(term))
            .ToArray();
        return terms.Length == 0 || terms.Contains(null) ? null
            : inputs => terms.Aggregate(0L, (sum, term) => sum < 0 || term!(inputs) is not (>= 0 and var extent) ? -1 : sum + extent);
    }

    private Func<InputTensor?[], long>? Find(string name)
    {
        for (var i = 0; i < _signature.Inputs.Length; i++)
        {
            var (input, index) = (_signature.Inputs[i], i);
            for (var axis = 0; axis < input.Shape.Rank && !input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase); axis++)
            {
                if (input.AxisNames[axis] == name && input.Shape[axis] < 0)
                {
                    var place = axis;
                    return inputs => inputs[index] is { } tensor ? tensor.Shape[place] : -1;
                }
            }
        }

        return null;
    }
}
