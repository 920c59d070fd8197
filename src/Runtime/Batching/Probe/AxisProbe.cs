using System.Collections.Frozen;
using Serving.Runtime.Configuration;
using Serving.Runtime.Graphs;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>
/// Finds a graph's batch and length axes by running sample rows alone and together and comparing the answers.
/// (1) Guesses each input's batch axis, (2) looks for extents and values that the graph accepts, (3) runs three different
/// rows alone, then two and three of them together in different orders, (4) does it again at another length.
/// Samples cannot show everything, such as a detector that finds nothing in them, so outputs whose extents follow from the
/// rows' contents, or that all rows share though they do, are refused by the graph itself. Whatever does not pass is not batched.
/// </summary>
internal sealed class AxisProbe
{
    /// <summary>How many samples are made before it is said that the rows' answers do not differ; arbitrary.</summary>
    private const int MostUntelling = 4;

    /// <summary>Rows that run together.</summary>
    private const int Rows = 3;

    /// <summary>How many rows are drawn to find so many whose answers differ; arbitrary.</summary>
    private const int MostDraws = 9;

    private readonly OnnxGraph _source;
    private readonly GraphSignature _signature;
    private readonly ProbeGraph _graph;
    private readonly SampleMaker _samples;
    private readonly OutputAxes _outputs;
    private readonly PaddingConfig _padding;
    private string _reason = "";

    /// <param name="source">The graph as its file has it.</param>
    /// <param name="signature">Its inputs and outputs.</param>
    /// <param name="graph">Runs it.</param>
    /// <param name="samples">Makes rows.</param>
    /// <param name="padding">What the user says about padding; null for nothing.</param>
    public AxisProbe(OnnxGraph source, GraphSignature signature, ProbeGraph graph, SampleMaker samples, PaddingConfig? padding = null)
    {
        _source = source;
        _signature = signature;
        _graph = graph;
        _samples = samples;
        _outputs = new OutputAxes(signature);
        _padding = padding ?? new PaddingConfig(true, []);
    }

    /// <summary>The axes, or none with the reason. Runs the graph some dozen times.</summary>
    public BatchAxes Run()
    {
        if (_signature.Inputs.Any(i => !i.HasRank))
        {
            return BatchAxes.None("not batched: an input has no declared rank");
        }

        var guesses = Hypothesis.For(_signature.Inputs);
        if (guesses.Count == 0)
        {
            return BatchAxes.None("not batched: no axis of any input varies");
        }

        var reasons = new List<string>();
        try
        {
            foreach (var guess in guesses)
            {
                if (Test(guess) is { } found)
                {
                    return found;
                }

                reasons.Add($"{guess.Because}: {_reason}");
            }
        }
        catch (OperationCanceledException)
        {
            reasons.Add("the probe's time was over");
        }

        return BatchAxes.None($"not batched: {string.Join("; ", reasons.Distinct())}");
    }

    private BatchAxes? Test(Hypothesis guess)
    {
        if (_signature.Inputs.Where((input, i) => input.Type == ElementType.Bytes && guess.Axes[i] > 0).Any())
        {
            _reason = "strings can only be laid together along a first axis";
            return null;
        }

        var outputs = RowOutputs.Of(_source, _signature.Inputs.Where((_, i) => guess.Axes[i] >= 0).Select(i => i.Name));
        if (outputs.FindUncuttable() is { } uncuttable)
        {
            _reason = uncuttable;
            return null;
        }

        _reason = "no sample that the graph accepts could be made";
        var untelling = 0;
        foreach (var (sizes, values) in Tries(guess))
        {
            if (RunRows(guess, sizes, values) is not { } rows)
            {
                continue;
            }

            if (!OutputAxes.Tells(rows.Outputs))
            {
                _reason = "the answers to different sample rows hardly differ, so it cannot be told whether rows are kept apart";
                if (++untelling == MostUntelling)
                {
                    return null;
                }

                continue;
            }

            if (RunTogether(guess, rows) is not { } axes)
            {
                return null;
            }

            _reason = outputs.FindLeak(axes) ?? "";
            return _reason.Length == 0 && Confirm(guess, axes, rows, sizes, values) is { } found
                ? WithPadding(found with { Sample = new AcceptedSample(guess, sizes, values) }, sizes, values)
                : null;
        }

        return null;
    }

    private IEnumerable<(AxisSizes Sizes, SampleValues Values)> Tries(Hypothesis guess) =>
        from sizes in AxisSizes.For(LengthSymbols(guess))
        where _signature.Inputs.Select((input, i) => sizes.RowShape(input, guess.Axes[i])).All(SampleMaker.IsReasonable)
        from values in Enum.GetValues<SampleValues>()
        select (sizes, values);

    private HashSet<string> LengthSymbols(Hypothesis guess) =>
    [
        .. from index in Enumerable.Range(0, _signature.Inputs.Length)
           let input = _signature.Inputs[index]
           from axis in Enumerable.Range(0, input.Shape.Rank)
           where input.Shape[axis] < 0 && axis != guess.Axes[index]
           select input.AxisNames[axis],
    ];

    // Rows that a graph answers alike are drawn again: what has died in a rectifier shows no difference between them.
    private SampleRows? RunRows(Hypothesis guess, AxisSizes sizes, SampleValues values)
    {
        var (inputs, outputs) = (new List<ProbeTensor[]>(), new List<ProbeTensor[]>());
        for (var row = 0; inputs.Count < Rows; row++)
        {
            ProbeTensor[] input = [.. _signature.Inputs.Select((signature, i) => MakeRow(signature, guess.Axes[i], sizes, values, row))];
            if (_graph.Run(input, out _) is not { } answer || answer.Any(TensorDifference.HasNaN))
            {
                return null;
            }

            var left = MostDraws - row - 1;
            if (left < Rows - inputs.Count || outputs.TrueForAll(other => OutputAxes.Tells([other, answer])))
            {
                inputs.Add(input);
                outputs.Add(answer);
            }
        }

        return new SampleRows([.. inputs], [.. outputs]);
    }

    private ProbeTensor MakeRow(TensorSignature input, int axis, AxisSizes sizes, SampleValues values, int row)
    {
        var shape = sizes.RowShape(input, axis);
        return new ProbeTensor(input.Type, shape, _samples.Make(input, shape, values, axis >= 0 ? row : 0));
    }

    private int[]? RunTogether(Hypothesis guess, SampleRows rows)
    {
        int[]? found = null;
        foreach (var order in (int[][])[[0, 1], [1, 0], [2, 0, 1]])
        {
            var together = _signature.Inputs.Select((_, i) => ProbeTensor.Join([.. order.Select(r => rows.Inputs[r][i])], guess.Axes[i])).ToArray();
            if (_graph.Run(together, out var complaint) is not { } answer)
            {
                _reason = $"rows do not run together: {complaint}";
                return null;
            }

            if (_outputs.Find([.. order.Select(r => rows.Outputs[r])], answer, out _reason) is not { } axes)
            {
                return null;
            }

            if (found is not null && !found.AsSpan().SequenceEqual(axes))
            {
                _reason = "different orders of rows answer along different axes";
                return null;
            }

            found = axes;
        }

        return found;
    }

    // At another length the same must hold; what the graph answers longer then is a length axis.
    private BatchAxes? Confirm(Hypothesis guess, int[] outputAxes, SampleRows rows, AxisSizes sizes, SampleValues values)
    {
        var of = LengthSymbols(guess).Count > 0 ? $" of {sizes}" : "";
        var evidence = $"{guess.Because}; rows{of} answered alike alone and together";
        var longer = sizes with { Common = sizes.Common * 2 };
        if (LengthSymbols(guess).Count == 0 || !_signature.Inputs.Select((input, i) => longer.RowShape(input, guess.Axes[i])).All(SampleMaker.IsReasonable)
            || RunRows(guess, longer, values) is not { } longRows)
        {
            return Found(guess, outputAxes, evidence, rows.Outputs[0], rows.Outputs[0]);
        }

        return RunTogether(guess, longRows) is { } again && again.AsSpan().SequenceEqual(outputAxes)
            ? Found(guess, outputAxes, $"{evidence}, and of {longer}", rows.Outputs[0], longRows.Outputs[0])
            : null;
    }

    private BatchAxes Found(Hypothesis guess, int[] outputAxes, string evidence, ProbeTensor[] brief, ProbeTensor[] longer)
    {
        var lengths = new Dictionary<string, IReadOnlyList<int>>();
        for (var i = 0; i < _signature.Inputs.Length; i++)
        {
            var input = _signature.Inputs[i];
            int[] axes = [.. Enumerable.Range(0, input.Shape.Rank).Where(axis => input.Shape[axis] < 0 && axis != guess.Axes[i])];
            AddIfAny(lengths, input.Name, axes);
        }

        for (var i = 0; i < outputAxes.Length; i++)
        {
            int[] axes = [.. Enumerable.Range(0, brief[i].Shape.Rank).Where(axis => brief[i].Shape[axis] != longer[i].Shape[axis])];
            AddIfAny(lengths, _signature.OutputNames[i], axes);
        }

        return new BatchAxes
        {
            Enabled = true,
            Inputs = Named(_signature.Inputs.Select(i => i.Name), guess.Axes),
            Outputs = Named(_signature.OutputNames, outputAxes),
            Lengths = lengths.ToFrozenDictionary(),
            Evidence = evidence,
        };
    }

    private BatchAxes WithPadding(BatchAxes found, AxisSizes sizes, SampleValues values)
    {
        if (!_padding.Allowed)
        {
            return found with { Evidence = $"{found.Evidence}; only equal shapes share a batch: the configuration forbids padding" };
        }

        var padding = new PaddingProbe(_signature, _graph, _samples, found, _padding.Values).Run(sizes, values, out var reason);
        return found with
        {
            Padding = padding,
            Evidence = padding is not null ? $"{found.Evidence}; {padding.Evidence}"
                : reason.Length > 0 ? $"{found.Evidence}; only equal shapes share a batch: {reason}"
                : found.Evidence,
        };
    }

    private static void AddIfAny(Dictionary<string, IReadOnlyList<int>> lengths, string name, int[] axes)
    {
        if (axes.Length > 0)
        {
            lengths[name] = axes;
        }
    }

    private static FrozenDictionary<string, int> Named(IEnumerable<string> names, int[] axes) =>
        names.Zip(axes).Where(pair => pair.Second >= 0).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    private sealed record SampleRows(ProbeTensor[][] Inputs, ProbeTensor[][] Outputs);
}
