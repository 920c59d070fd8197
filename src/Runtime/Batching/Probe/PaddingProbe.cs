using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>
/// Finds out whether rows of different lengths may share a batch: (1) groups the axes that vary by their symbolic names,
/// (2) runs sample rows of several lengths alone and fits each output's extents as functions of them, (3) pads rows to a
/// common length, runs them together and compares what is cut out with what each row answered alone, once with every
/// value that graphs take for padding. Where an answer changes, as in a graph that mixes or pools over positions, only
/// equal shapes share a batch.
/// </summary>
internal sealed class PaddingProbe
{
    /// <summary>Zero is what masks and most vocabularies take; some vocabularies have their padding at one.</summary>
    private static readonly int[] Fillers = [0, 1];

    private readonly GraphSignature _signature;
    private readonly ProbeGraph _graph;
    private readonly SampleMaker _samples;
    private readonly BatchAxes _axes;
    private readonly int[] _inputAxes;
    private readonly IReadOnlyList<LengthClass> _classes;
    private readonly IReadOnlyDictionary<string, int> _values;

    /// <param name="signature">The graph's inputs and outputs.</param>
    /// <param name="graph">Runs it.</param>
    /// <param name="samples">Makes rows.</param>
    /// <param name="axes">Its batch axes.</param>
    /// <param name="values">Per input, the value that the user wants it padded with.</param>
    /// <param name="classes">The lengths as the user declares them; null for those that the graph's names of axes tell.</param>
    public PaddingProbe(
        GraphSignature signature,
        ProbeGraph graph,
        SampleMaker samples,
        BatchAxes axes,
        IReadOnlyDictionary<string, int> values,
        IReadOnlyList<LengthClass>? classes = null)
    {
        _signature = signature;
        _graph = graph;
        _samples = samples;
        _axes = axes;
        _inputAxes = [.. signature.Inputs.Select(i => axes.Inputs.GetValueOrDefault(i.Name, -1))];
        _values = values;
        _classes = classes ?? [.. from index in Enumerable.Range(0, signature.Inputs.Length)
                       let input = signature.Inputs[index]
                       from axis in Enumerable.Range(0, input.Shape.Rank)
                       where input.Shape[axis] < 0 && axis != _inputAxes[index]
                       group (index, axis) by input.AxisNames[axis] into axesOfName
                       select new LengthClass(axesOfName.Key, [.. axesOfName])];
    }

    /// <summary>How to pad; null with the reason where rows of different lengths must not share a batch.</summary>
    /// <param name="sizes">Extents at which the graph's axes were found.</param>
    /// <param name="values">Values that it accepted then.</param>
    /// <param name="reason">Why not; empty for a graph without lengths.</param>
    public PaddingPlan? Run(AxisSizes sizes, SampleValues values, out string reason)
    {
        reason = Check() ?? "";
        if (_classes.Count == 0 || reason.Length > 0)
        {
            return null;
        }

        foreach (var filler in Fillers)
        {
            if (Try(sizes, values, filler, out reason) is { } plan)
            {
                return plan;
            }
        }

        return null;
    }

    private string? Check() =>
        _classes.Any(c => c.Name.Contains('+', StringComparison.Ordinal)) ? "one length is the sum of others"
        : _classes.Any(c => c.Axes.Any(a => _inputAxes[a.Input] < 0)) ? "an input without a batch axis has a length"
        : _classes.Any(c => c.Axes.Any(a => _signature.Inputs[a.Input].Type == ElementType.Bytes)) ? "strings cannot be padded"
        : null;

    private PaddingPlan? Try(AxisSizes sizes, SampleValues values, int filler, out string reason)
    {
        var lengths = Steps(sizes);
        var rows = new List<Row>();
        foreach (var length in lengths)
        {
            if (MakeRow(rows.Count, length, values) is { } row)
            {
                rows.Add(row);
            }
        }

        reason = "too few other lengths are accepted to tell";
        if (rows.Select(r => r.Lengths[0]).Distinct().Count() < 3)
        {
            return null;
        }

        if (FitOutputs(rows, out reason) is not { } outputs)
        {
            return null;
        }

        var plan = new PaddingPlan
        {
            Classes = _classes,
            // Floats are measurements: zero is what their graphs take for nothing.
            Fillers = [.. _signature.Inputs.Select(input => _values.TryGetValue(input.Name, out var value) ? value : IsMask(input) || IsFloat(input) ? 0 : filler)],
            Outputs = outputs,
            Evidence = "",
        };
        plan = plan with
        {
            Evidence = $"rows of lengths {string.Join(", ", rows.Select(r => r.Lengths[0]).Distinct().Order())} padded with {Describe(plan)} answered as alone",
        };
        reason = Orders(rows).Select(order => Compare(plan, order)).FirstOrDefault(problem => problem is not null) ?? "";
        return reason.Length == 0 ? plan : null;
    }

    private string Describe(PaddingPlan plan) =>
        string.Join(" or ", _classes.SelectMany(one => one.Axes).Select(axis => plan.Fillers[axis.Input]).Distinct().Order());

    // Every class at once, then each by itself where there are several. Odd steps show strides.
    private List<long[]> Steps(AxisSizes sizes)
    {
        long[] start = [.. _classes.Select(c => sizes.Extent(_signature.Inputs[c.Axes[0].Input].AxisNames[c.Axes[0].Axis]))];
        var steps = new List<long[]> { start };
        foreach (var by in (double[])[2, 1.5, 1.25, 1.75, 1.125])
        {
            steps.Add([.. start.Select(extent => (long)(extent * by))]);
            for (var one = 0; _classes.Count > 1 && one < _classes.Count; one++)
            {
                steps.Add([.. start.Select((extent, index) => index == one ? (long)(extent * by) : extent)]);
            }
        }

        return steps;
    }

    private Row? MakeRow(int number, long[] lengths, SampleValues values)
    {
        var inputs = new ProbeTensor[_signature.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var shape = RowShape(i, lengths);
            if (!SampleMaker.IsReasonable(shape))
            {
                return null;
            }

            inputs[i] = new ProbeTensor(
                _signature.Inputs[i].Type, shape, _samples.Make(_signature.Inputs[i], shape, values, _inputAxes[i] >= 0 ? number : 0));
        }

        return _graph.Run(inputs, out _) is { } outputs && !outputs.Any(TensorDifference.HasNaN) ? new Row(lengths, inputs, outputs) : null;
    }

    private TensorShape RowShape(int input, long[] lengths)
    {
        var shape = PaddingPlan.WithLengths(_classes, input, _signature.Inputs[input].Shape, lengths);
        return _inputAxes[input] < 0 ? shape : shape.With(_inputAxes[input], 1);
    }

    private Dictionary<string, IReadOnlyList<OutputLength>>? FitOutputs(List<Row> rows, out string reason)
    {
        var outputs = new Dictionary<string, IReadOnlyList<OutputLength>>();
        for (var i = 0; i < _signature.OutputNames.Length; i++)
        {
            var name = _signature.OutputNames[i];
            var found = new List<OutputLength>();
            for (var axis = 0; axis < rows[0].Outputs[i].Shape.Rank; axis++)
            {
                if (rows.All(r => r.Outputs[i].Shape[axis] == rows[0].Outputs[i].Shape[axis]))
                {
                    continue;
                }

                if (axis == _axes.Outputs.GetValueOrDefault(name, -1) || Fit(rows, i, axis) is not { } fitted)
                {
                    reason = $"the extent of axis {axis} of output '{name}' is no plain function of one length";
                    return null;
                }

                found.Add(fitted);
            }

            outputs[name] = found;
        }

        reason = "";
        return outputs;
    }

    private OutputLength? Fit(List<Row> rows, int output, int axis)
    {
        for (var index = 0; index < _classes.Count; index++)
        {
            var seen = rows.Select(r => (Length: r.Lengths[index], Extent: r.Outputs[output].Shape[axis])).Distinct().OrderBy(p => p.Length).ToList();
            if (seen.DistinctBy(p => p.Length).Count() == seen.Count && OutputLength.Fit(axis, index, seen) is { } fitted)
            {
                return fitted;
            }
        }

        return null;
    }

    // The longest leads, ends, and stands in the middle; pairs show what a batch of many might drown.
    private static IEnumerable<Row[]> Orders(List<Row> rows) =>
        [[rows[0], rows[1]], [rows[1], rows[0]], [.. rows], [rows[^1], rows[0]]];

    private string? Compare(PaddingPlan plan, Row[] rows)
    {
        long[] longest = [.. Enumerable.Range(0, _classes.Count).Select(index => rows.Max(r => r.Lengths[index]))];
        var together = new ProbeTensor[_signature.Inputs.Length];
        for (var i = 0; i < together.Length; i++)
        {
            together[i] = ProbeTensor.Join([.. rows.Select(r => Pad(r.Inputs[i], RowShape(i, longest), plan.Fillers[i]))], _inputAxes[i]);
        }

        if (_graph.Run(together, out var complaint) is not { } answers)
        {
            return $"padded rows do not run together: {complaint}";
        }

        for (var i = 0; i < answers.Length; i++)
        {
            for (var row = 0; row < rows.Length; row++)
            {
                if (Difference(answers[i], rows, row, i) is not { } difference || !(difference <= OutputAxes.Tolerance))
                {
                    return $"output '{_signature.OutputNames[i]}' changes when a row is padded";
                }
            }
        }

        return null;
    }

    // What the row answered alone must lie at the start of its part of the answer.
    private double? Difference(ProbeTensor together, Row[] rows, int row, int output)
    {
        var alone = rows[row].Outputs[output];
        var axis = _axes.Outputs.GetValueOrDefault(_signature.OutputNames[output], -1);
        if (axis < 0)
        {
            return alone.Shape == together.Shape ? TensorDifference.Measure(alone, together) : null;
        }

        if (alone.Shape.Rank != together.Shape.Rank || together.Shape[axis] != alone.Shape[axis] * rows.Length)
        {
            return null;
        }

        for (var i = 0; i < alone.Shape.Rank; i++)
        {
            if (alone.Shape[i] > together.Shape[i])
            {
                return null;
            }
        }

        var part = new byte[alone.Data.Length];
        BlockCopy.Extract(together.Data, together.Shape.Dims, part, alone.Shape.Dims, axis, row * alone.Shape[axis], alone.Type.Size());
        return TensorDifference.Measure(alone, alone with { Data = part });
    }

    private static ProbeTensor Pad(ProbeTensor row, TensorShape shape, int filler)
    {
        if (row.Shape == shape)
        {
            return row;
        }

        shape.TryCountElements(out var count);
        var data = new byte[count * row.Type.Size()];
        Filler.Fill(data, row.Type, filler);
        BlockCopy.Insert(row.Data, row.Shape.Dims, data, shape.Dims, 0, 0, row.Type.Size());
        return new ProbeTensor(row.Type, shape, data);
    }

    private static bool IsFloat(TensorSignature input) =>
        input.Type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

    private static bool IsMask(TensorSignature input) =>
        input.Type == ElementType.Bool || input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase);

    private sealed record Row(long[] Lengths, ProbeTensor[] Inputs, ProbeTensor[] Outputs);
}
