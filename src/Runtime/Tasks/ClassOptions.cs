using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks;

/// <summary>What every task that names classes lets its users choose.</summary>
internal static class ClassOptions
{
    public const string Softmax = "softmax";
    public const string Sigmoid = "sigmoid";
    public const string None = "none";

    /// <summary>How many classes are told.</summary>
    public static CountOption TopK { get; } = new("top_k", "How many classes are told, the best first. Default: all of them.", 1, 1_000_000);

    public static ChoiceOption Function { get; } = new(
        "function_to_apply",
        "What makes scores of the graph's numbers: softmax where one class is right, sigmoid where each is right or not, none. Default: what problem_type in config.json says, else softmax, and sigmoid for a single class.",
        Softmax, Sigmoid, None);

    public static NumberOption Threshold { get; } = new("threshold", "Classes with a lower score are left out. Default: none are.", double.MinValue, double.MaxValue);

    public static IReadOnlyList<TaskOption> All { get; } = [TopK, Function, Threshold];

    /// <summary>The function for a model by its files.</summary>
    public static string FunctionOf(string problemType, int classes) => problemType switch
    {
        "multi_label_classification" => Sigmoid,
        "single_label_classification" => Softmax,
        "regression" => None,
        _ => classes == 1 ? Sigmoid : Softmax,
    };

    /// <summary>Makes scores of numbers, in place.</summary>
    public static void Apply(string function, Span<float> values)
    {
        if (function == Softmax)
        {
            Numbers.Softmax(values);
        }
        else if (function == Sigmoid)
        {
            Numbers.Sigmoid(values);
        }
    }
}
