using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>A guess at the batch axis of each input, -1 for an input without one.</summary>
internal sealed record Hypothesis(int[] Axes, string Because)
{
    /// <summary>All guesses worth a try, the likely first; names are hints only, the probe decides.</summary>
    public static IReadOnlyList<Hypothesis> For(IReadOnlyList<TensorSignature> inputs)
    {
        var guesses = new List<Hypothesis>();
        foreach (var symbol in RankedSymbols(inputs))
        {
            Add(guesses, new Hypothesis([.. inputs.Select(i => FirstAxis(i, symbol))], $"axes named '{symbol}'"));
        }

        Add(guesses, new Hypothesis([.. inputs.Select(i => i.Shape.Rank > 0 && i.Shape[0] < 0 ? 0 : -1)], "first axes"));
        Add(guesses, new Hypothesis([.. inputs.Select(i => i.Shape.Dims.IndexOf(-1))], "first axes that vary"));
        return guesses;
    }

    // A symbol on many first axes is likelier the batch than one that stands inside.
    private static IEnumerable<string> RankedSymbols(IReadOnlyList<TensorSignature> inputs)
    {
        var uses =
            from input in inputs
            from axis in Enumerable.Range(0, input.Shape.Rank)
            where input.Shape[axis] < 0 && input.AxisNames[axis].Length > 0
            group axis by input.AxisNames[axis];
        return uses.OrderByDescending(u => u.Key.Contains("batch", StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(u => u.Count(axis => axis == 0))
            .Select(u => u.Key);
    }

    private static int FirstAxis(TensorSignature input, string symbol)
    {
        for (var axis = 0; axis < input.Shape.Rank; axis++)
        {
            if (input.Shape[axis] < 0 && input.AxisNames[axis] == symbol)
            {
                return axis;
            }
        }

        return -1;
    }

    // Strings have no fixed size, so only whole tensors of them can be laid together: along the first axis.
    private static void Add(List<Hypothesis> guesses, Hypothesis guess)
    {
        if (guess.Axes.Any(axis => axis >= 0) && !guesses.Any(known => known.Axes.AsSpan().SequenceEqual(guess.Axes)))
        {
            guesses.Add(guess);
        }
    }
}
