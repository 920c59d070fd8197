using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>
/// Finds the outputs that classes and values are read from. A graph does not say what its outputs mean: those that can be meant
/// are of floating-point numbers, one row for each example; of several the one of TensorFlow's name counts.
/// </summary>
internal static class ScoresOutput
{
    /// <summary>The scores of the classes, and the labels that go with them where the graph gives those itself.</summary>
    public static Outcome<(string Scores, string? Classes)> ForClasses(ModelMetadata model)
    {
        if (!Choose(model, ":classify", "scores", output => !output.HasRank || output.Shape.Rank == 2).TryGetValue(out var scores, out var failure))
        {
            return failure;
        }

        var classes = model.Outputs.FirstOrDefault(output => output.Type == ElementType.Bytes && output.Name == "classes");
        return (scores, classes?.Name);
    }

    /// <summary>The value of each example.</summary>
    public static Outcome<string> ForValues(ModelMetadata model) =>
        Choose(model, ":regress", "outputs", output =>
            !output.HasRank || output.Shape.Rank == 1 || (output.Shape.Rank == 2 && output.Shape[1] is 1 or -1));

    private static Outcome<string> Choose(ModelMetadata model, string verb, string preferred, Func<TensorSignature, bool> fits)
    {
        string[] names = [.. model.Outputs.Where(output => IsFloat(output.Type) && fits(output)).Select(output => output.Name)];
        return names is [var only] ? only
            : names.Contains(preferred) ? preferred
            : InferenceFailure.InvalidInput(
                $"{verb} cannot tell which output of model '{model.Name}' is meant: "
                + (names.Length == 0 ? "none has floating-point numbers of the right shape" : $"{string.Join(", ", names)} could be, and none is called {preferred}")
                + "; use :predict");
    }

    private static bool IsFloat(ElementType type) =>
        type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;
}
