using Serving.Soak.Reports;

namespace Serving.Soak.Questions;

/// <summary>A request, and the only answers to it.</summary>
/// <param name="Model">The model to ask.</param>
/// <param name="Inputs">What it is asked.</param>
/// <param name="Answers">The output as it must be; several where a model is changed meanwhile; none where it must fail.</param>
/// <param name="May">The other endings that are right.</param>
internal sealed record Question(string Model, Tensor[] Inputs, Tensor[] Answers, params Ending[] May)
{
    /// <summary>Of floats, against their largest magnitude: batches round differently from single rows.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Null where an output is the answer, else why not.</summary>
    public string? Difference(Tensor output)
    {
        string? first = null;
        foreach (var answer in Answers)
        {
            if (Difference(answer, output) is not { } difference)
            {
                return null;
            }

            first ??= difference;
        }

        return first ?? "an answer where there is none";
    }

    private static string? Difference(Tensor expected, Tensor output)
    {
        if (output.Name != expected.Name || output.Type != expected.Type || !output.Shape.AsSpan().SequenceEqual(expected.Shape))
        {
            return $"{output.Name} {output.Type} [{string.Join(',', output.Shape)}], not {expected.Name} {expected.Type} [{string.Join(',', expected.Shape)}]";
        }

        if (expected.Type != "FP32")
        {
            return output.Data.AsSpan().SequenceEqual(expected.Data) ? null : $"{output.Name} has other contents";
        }

        var wanted = expected.AsFloats();
        var given = output.AsFloats();
        if (wanted.Length != given.Length)
        {
            return $"{output.Name} has {given.Length} elements, not {wanted.Length}";
        }

        var magnitude = 1e-6;
        foreach (var value in wanted)
        {
            magnitude = Math.Max(magnitude, Math.Abs(value));
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            if (!(Math.Abs(wanted[i] - given[i]) <= Tolerance * magnitude))
            {
                return FormattableString.Invariant($"{output.Name}[{i}] is {given[i]}, not {wanted[i]}");
            }
        }

        return null;
    }
}
