using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Audio.Features;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>A graph that hears recordings, with what makes its input of them.</summary>
internal sealed class SoundGraph
{
    private const string Mask = "attention_mask";

    private readonly TensorSignature _values;
    private readonly TensorSignature? _mask;

    private SoundGraph(TensorSignature values, TensorSignature? mask, TaskMaterial material)
    {
        _values = values;
        _mask = mask;
        Convolutions = SoundConvolutions.Read(material.Config.Root);
        Features = SoundFeatures.Read(material, values, Convolutions);
    }

    public ISoundFeatures Features { get; }

    public SoundConvolutions Convolutions { get; }

    /// <summary>Whether a graph with these files hears recordings.</summary>
    public static bool Fits(TaskMaterial material) => Values(material) is not null && SoundFeatures.AreDescribed(material);

    /// <exception cref="TaskException">The graph wants something that no recording gives, or its description cannot be used.</exception>
    public static SoundGraph Make(TaskMaterial material)
    {
        var values = Values(material) ?? throw new TaskException(
            $"the graph has no input of FP32 'input_values' or 'input_features'; it has {string.Join(", ", material.Inputs.Select(i => $"{i.Name} {i.Type.Name()} {i.Shape}"))}");
        var mask = material.Input(Mask) is { Type: ElementType.Int64 or ElementType.Int32, HasRank: true, Shape.Rank: 2 } known && values.Shape.Rank == 2 ? known : null;
        return material.Inputs.FirstOrDefault(input => input != values && input != mask && !input.Optional) is { } unknown
            ? throw new TaskException($"the graph's input '{unknown.Name}' ({unknown.Type.Name()} {unknown.Shape}) is none that a recording gives")
            : new SoundGraph(values, mask, material);
    }

    /// <summary>What a client may know of a task over this graph.</summary>
    public static TaskDetails Describe(string task, TaskMaterial material, TaskSettings settings) => new(task, material.Evidence)
    {
        Parameters = settings.Parameters,
        Architecture = material.Config.Architecture,
    };

    /// <summary>Runs each window of each recording by itself.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cut">The windows of so many samples.</param>
    /// <param name="outputs">The graph's outputs that are wanted.</param>
    /// <param name="finish">Makes a window's result of the graph's answer.</param>
    /// <returns>The results of each recording's windows.</returns>
    public async ValueTask<Outcome<IReadOnlyList<SoundWindow<T>>[]>> RunAsync<T>(
        TaskCall call, Func<int, IReadOnlyList<Range>> cut, IReadOnlyList<string> outputs, Func<InferenceResponse, T> finish)
    {
        var prepared = await SoundWork.RunAsync(call, Features.Rate, samples =>
            cut(samples.Length).Select(range => (Range: range, samples.Length, Inputs: Inputs(samples.Span[range]))).ToList()).ConfigureAwait(false);
        if (!prepared.TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        var all = rows.SelectMany(windows => windows).ToList();
        var answered = await GraphRows.RunAsync(call, [.. all.Select(window => window.Inputs)], outputs, (i, response) =>
            new SoundWindow<T>(all[i].Range, all[i].Length, finish(response))).ConfigureAwait(false);
        if (!answered.TryGetValue(out var results, out failure))
        {
            return failure;
        }

        var split = new IReadOnlyList<SoundWindow<T>>[rows.Length];
        for (int row = 0, at = 0; row < rows.Length; at += rows[row].Count, row++)
        {
            split[row] = new ArraySegment<SoundWindow<T>>(results, at, rows[row].Count);
        }

        return split;
    }

    private InputTensor[] Inputs(ReadOnlySpan<float> samples)
    {
        var features = Features.Extract(samples);
        var shape = new TensorShape([1, .. Features.ShapeOf(samples.Length)]);
        var values = new InputTensor(_values.Name, ElementType.Float32, shape, new ReadOnlySequence<byte>(MemoryMarshal.AsBytes<float>(features).ToArray()));
        return _mask is null ? [values] : [values, MaskOf(Math.Min(samples.Length, features.Length), shape, _mask)];
    }

    private static InputTensor MaskOf(int heard, TensorShape shape, TensorSignature mask)
    {
        var values = new long[shape[1]];
        values.AsSpan(0, heard).Fill(1);
        var bytes = mask.Type == ElementType.Int64
            ? MemoryMarshal.AsBytes<long>(values).ToArray()
            : MemoryMarshal.AsBytes<int>(Array.ConvertAll(values, static value => (int)value)).ToArray();
        return new InputTensor(mask.Name, mask.Type, shape, new ReadOnlySequence<byte>(bytes));
    }

    private static TensorSignature? Values(TaskMaterial material) =>
        (material.Input("input_values") ?? material.Input("input_features")) is { Type: ElementType.Float32 } values ? values : null;
}
