using System.Buffers;
using System.Diagnostics;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>One request to a task, and the task's way to its graph and to other models.</summary>
/// <param name="request">The request; its inputs are known to fit the task.</param>
/// <param name="rows">How many rows it has.</param>
/// <param name="settings">What it asks for.</param>
/// <param name="graph">The task's graph; null for a task that only asks other models.</param>
/// <param name="models">Finds other models.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class TaskCall(
    InferenceRequest request, int rows, TaskSettings settings, LoadedGraph? graph, Func<string, Outcome<ModelTarget>> models, CancellationToken cancellationToken)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _queue;
    private long _infer;

    public int Rows => rows;

    public TaskSettings Settings => settings;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>How many rows the graph runs together at most.</summary>
    public int MostTogether => graph?.MaxRows ?? 1;

    /// <summary>How many rows may wait for the graph.</summary>
    public int MostWaiting => graph?.MaxQueueRows ?? int.MaxValue;

    /// <summary>The longest that a run of the graph was waited for, and the longest that one took.</summary>
    public (TimeSpan Queue, TimeSpan Infer) Graph => (new TimeSpan(Volatile.Read(ref _queue)), new TimeSpan(Volatile.Read(ref _infer)));

    /// <summary>Whether the client wants an output: one that it names, or where it names none one that is always made.</summary>
    public bool Wants(string output, bool always = true) => request.Outputs is { Count: > 0 } wanted ? wanted.Contains(output, StringComparer.Ordinal) : always;

    /// <summary>Whether an input is given.</summary>
    public bool Has(string input) => Find(input) is not null;

    /// <summary>The elements of an input of BYTES; they lie in the request's memory.</summary>
    public ReadOnlySequence<byte>[] Bytes(string input)
    {
        var tensor = Find(input) ?? throw new UnreachableException($"The input '{input}' was not checked.");
        tensor.Shape.TryCountElements(out var count);
        return StringTensors.Split(tensor.Data, (int)count);
    }

    /// <summary>The elements of an input as texts; fails where one is not UTF-8.</summary>
    public Outcome<string[]> Texts(string input)
    {
        var elements = Bytes(input);
        var texts = new string[elements.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            try
            {
                texts[i] = StrictUtf8.GetString(elements[i]);
            }
            catch (DecoderFallbackException)
            {
                return InferenceFailure.InvalidInput($"input '{input}' element {i} is not UTF-8 text");
            }
        }

        return texts;
    }

    /// <summary>An input as it came; null where it was not given.</summary>
    public InputTensor? Find(string input)
    {
        foreach (var tensor in request.Inputs)
        {
            if (tensor.Name == input)
            {
                return tensor;
            }
        }

        return null;
    }

    /// <summary>Runs the graph, together with whatever else waits for it. The caller disposes the response.</summary>
    /// <param name="inputs">The graph's inputs; their memory must not change until this completes.</param>
    /// <param name="outputs">The outputs wanted; null for all.</param>
    public ValueTask<Outcome<InferenceResponse>> RunGraphAsync(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string>? outputs = null)
    {
        // The task's own lease keeps the graph, so that it cannot be refused.
        return graph is not null && graph.TryAcquire()
            ? RunAsync(graph, inputs, outputs)
            : throw new UnreachableException("The task has no graph, or outlived it.");
    }

    /// <summary>Asks another model, one of <see cref="ITask.Models"/>; as <see cref="RunGraphAsync"/>.</summary>
    public async ValueTask<Outcome<InferenceResponse>> RunModelAsync(string model, IReadOnlyList<InputTensor> inputs, IReadOnlyList<string>? outputs = null) =>
        models(model).TryGetValue(out var target, out var failure) && target.Acquire(null).TryGetValue(out var loaded, out failure)
            ? await RunAsync(loaded, inputs, outputs).ConfigureAwait(false)
            : failure;

    private async ValueTask<Outcome<InferenceResponse>> RunAsync(LoadedModel model, IReadOnlyList<InputTensor> inputs, IReadOnlyList<string>? outputs)
    {
        var part = new InferenceRequest
        {
            ModelName = model.Name,
            Inputs = inputs,
            Outputs = outputs,
            Deadline = request.Deadline,
            Priority = request.Priority,
            Tenant = request.Tenant,
        };
        var outcome = await model.InferAsync(part, cancellationToken).ConfigureAwait(false);
        if (outcome.TryGetValue(out var response, out _))
        {
            Raise(ref _queue, response.Stages.Queue.Ticks);
            Raise(ref _infer, response.Stages.Infer.Ticks);
        }

        return outcome;
    }

    private static void Raise(ref long highest, long value)
    {
        var seen = Volatile.Read(ref highest);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref highest, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
