using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>
/// A graph that hears one short window at a time and remembers in a state what it heard, such as Silero's: of version 5 and later
/// (<c>input</c>, <c>state</c>, <c>sr</c>) or before (<c>input</c>, <c>h</c>, <c>c</c>, <c>sr</c>).
/// </summary>
internal sealed class SpeechGraph
{
    /// <summary>Samples each second that the graph is told.</summary>
    public const int Rate = 16_000;

    /// <summary>New samples of a window: 32 ms.</summary>
    public const int Window = 512;

    /// <summary>Samples of the window before that version 5 wants before the new ones.</summary>
    private const int UsualContext = 64;

    private readonly TensorSignature _input;
    private readonly TensorSignature? _rate;
    private readonly (TensorSignature Input, string Output)[] _states;
    private readonly string[] _outputs;
    private readonly int _context;

    private SpeechGraph(TensorSignature input, TensorSignature? rate, (TensorSignature Input, string Output)[] states, string probability)
    {
        _input = input;
        _rate = rate;
        _states = states;
        _outputs = [probability, .. states.Select(state => state.Output)];
        _context = Array.Exists(states, state => state.Input.Name == "state") ? UsualContext : 0;
    }

    /// <exception cref="TaskException">The graph is none of this kind.</exception>
    public static SpeechGraph Make(TaskMaterial material, string task)
    {
        var input = material.Input("input") is { Type: ElementType.Float32 } known ? known : throw Wrong(material, task, "an input 'input' of FP32");
        var rate = material.Input("sr");
        if (rate is { Type: not (ElementType.Int64 or ElementType.Int32) })
        {
            throw Wrong(material, task, "an input 'sr' of whole numbers");
        }

        var probability = material.Output("output") ?? throw Wrong(material, task, "an output 'output'");
        var states = material.Inputs.Where(one => one != input && one != rate).Select(state =>
            (state, (material.Output(state.Name + "N") ?? material.Output(state.Name + "n") ?? throw Wrong(material, task, $"an output '{state.Name}N' for the input '{state.Name}'")).Name)).ToArray();
        return Array.Exists(states, state => state.state.Type != ElementType.Float32 || !state.state.HasRank)
            ? throw Wrong(material, task, "states of FP32")
            : new SpeechGraph(input, rate, states, probability.Name);
    }

    /// <summary>How probable speech is in each window of a recording, one after the other.</summary>
    public async ValueTask<Outcome<float[]>> ListenAsync(TaskCall call, ReadOnlyMemory<float> samples)
    {
        var probabilities = new float[(samples.Length + Window - 1) / Window];
        var states = Array.ConvertAll(_states, state => Fresh(state.Input));
        for (var i = 0; i < probabilities.Length; i++)
        {
            var outcome = await call.RunGraphAsync(Inputs(samples.Span, i * Window, states), _outputs).ConfigureAwait(false);
            if (!outcome.TryGetValue(out var response, out var failure))
            {
                return failure;
            }

            using (response)
            {
                probabilities[i] = Numbers.Floats(response.Outputs[0]) is [var first, ..] ? first : 0;
                states = [.. _states.Select((state, place) => new InputTensor(
                    state.Input.Name, ElementType.Float32, response.Outputs[place + 1].Shape, new ReadOnlySequence<byte>(response.Outputs[place + 1].Data.ToArray())))];
            }
        }

        return probabilities;
    }

    private InputTensor[] Inputs(ReadOnlySpan<float> samples, int start, InputTensor[] states)
    {
        var window = new float[_context + Window];
        var from = Math.Max(0, start - _context);
        var to = Math.Min(samples.Length, start + Window);
        samples[from..to].CopyTo(window.AsSpan(_context - (start - from)));
        var input = new InputTensor(_input.Name, ElementType.Float32, new TensorShape(1, window.Length), Bytes<float>(window));
        return _rate is null ? [input, .. states] : [input, .. states, RateOf(_rate)];
    }

    private static InputTensor RateOf(TensorSignature rate) =>
        new(rate.Name, rate.Type, new TensorShape([.. Enumerable.Repeat(1L, rate.HasRank ? rate.Shape.Rank : 0)]), rate.Type == ElementType.Int64 ? Bytes<long>([Rate]) : Bytes<int>([Rate]));

    /// <summary>What a graph remembers that has heard nothing.</summary>
    private static InputTensor Fresh(TensorSignature state)
    {
        var shape = new TensorShape([.. state.Shape.ToArray().Select(extent => Math.Max(1, extent))]);
        shape.TryCountElements(out var count);
        return new InputTensor(state.Name, ElementType.Float32, shape, Bytes<float>(new float[count]));
    }

    private static ReadOnlySequence<byte> Bytes<T>(T[] values)
        where T : struct => new(MemoryMarshal.AsBytes<T>(values).ToArray());

    private static TaskException Wrong(TaskMaterial material, string task, string wanted) => new(
        $"the task {task} wants {wanted}, as Silero VAD has; the graph has {string.Join(", ", material.Inputs.Concat(material.Outputs).Select(one => $"{one.Name} {one.Type.Name()} {one.Shape}"))}");
}
