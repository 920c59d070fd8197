using System.Numerics.Tensors;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Text;

/// <summary>What tasks over texts have in common on both ends.</summary>
internal static class TextOutputs
{
    /// <summary>How many tokens the model read of each row; only for those who ask.</summary>
    public static TensorSignature Tokens { get; } = TensorSignatures.PerRow("tokens", ElementType.Int64);

    /// <summary>The graph's output that scores classes.</summary>
    /// <exception cref="TaskException">There is none with so many axes.</exception>
    public static TensorSignature Logits(TaskMaterial material, int rank, string task)
    {
        var logits = material.OutputOf(rank, "logits")
            ?? throw new TaskException($"the task {task} wants one output with {rank} axes, such as 'logits'; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Shape}"))}");
        return Numbers.AreFloats(logits.Type) ? logits : throw new TaskException($"the output '{logits.Name}' has the type {logits.Type.Name()}, expected a floating-point one");
    }

    /// <summary>How many classes an output scores, by its own extent or else by the labels; 0 where neither says.</summary>
    public static int CountClasses(TensorSignature logits, IReadOnlyList<string> labels) =>
        logits is { HasRank: true, Shape.Rank: > 0 } && logits.Shape[logits.Shape.Rank - 1] is > 0 and var classes ? (int)Math.Min(classes, int.MaxValue) : labels.Count;

    /// <summary>Tokenizes the texts of a request, with their pairs where it has any.</summary>
    public static Outcome<TextRows> Encode(TaskCall call, TextGraph graph, string text, string pair)
    {
        if (!call.Texts(text).TryGetValue(out var texts, out var failure))
        {
            return failure;
        }

        string[]? pairs = null;
        return call.Has(pair) && !call.Texts(pair).TryGetValue(out pairs, out failure) ? failure : graph.Encode(texts, pairs, call.Settings);
    }

    /// <summary>The average of vectors of one length.</summary>
    public static float[] Average(ReadOnlySpan<float[]> windows)
    {
        if (windows.Length == 1)
        {
            return windows[0];
        }

        var sum = new float[windows[0].Length];
        foreach (var window in windows)
        {
            TensorPrimitives.Add(sum, window, sum);
        }

        TensorPrimitives.Divide(sum, windows.Length, sum);
        return sum;
    }

    /// <summary>Adds the numbers of tokens where the client asks for them.</summary>
    public static TaskAnswer AddTokens(TaskAnswer answer, TaskCall call, TextRows rows) =>
        call.Wants(Tokens.Name, always: false) ? answer.Add(Tokens.Name, new TensorShape(rows.Count), rows.CountTokens()) : answer;
}
