namespace Serving.TestKit;

/// <summary>Inputs of a model and what PyTorch answered to them.</summary>
public sealed record ZooCase(
    string Name, IReadOnlyDictionary<string, NpyArray> Inputs, IReadOnlyDictionary<string, NpyArray> Outputs)
{
    /// <summary>Null where an answer agrees with the reference, else how it differs.</summary>
    public string? Difference(string output, IReadOnlyList<long> shape, IReadOnlyList<double> values)
    {
        var reference = Outputs[output];
        if (!reference.Shape.SequenceEqual(shape))
        {
            return $"{Name}, {output}: shape [{string.Join(',', shape)}], expected [{string.Join(',', reference.Shape)}]";
        }

        var expected = reference.ToDoubles();
        var magnitude = expected.Select(Math.Abs).Append(1e-9).Max();
        var worst = expected.Zip(values, (e, v) => Math.Abs(e - v)).Append(0).Max() / magnitude;
        return worst <= Zoo.Tolerance ? null : $"{Name}, {output}: off by {worst} of the largest magnitude";
    }
}
