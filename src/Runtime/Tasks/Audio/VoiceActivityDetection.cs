using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>Finds where somebody speaks in a recording. The graph's state goes from window to window on the server.</summary>
internal sealed class VoiceActivityDetection : ITask
{
    public const string Name = "voice-activity-detection";
    public const string Start = "start";
    public const string End = "end";
    public const string Probability = "probability";

    /// <summary>Recordings of one request that are listened to at a time; the others wait. Arbitrary.</summary>
    private const int Together = 16;

    private static readonly NumberOption Threshold = new("threshold", "How probable speech must be where it begins; it ends 0.15 below. Default 0.5.", 0, 1);
    private static readonly CountOption MinSpeech = new("min_speech_ms", "Shorter speech is none. Default 250.", 0, 3_600_000);
    private static readonly CountOption MinSilence = new("min_silence_ms", "Shorter pauses do not end a segment. Default 100.", 0, 3_600_000);
    private static readonly CountOption Pad = new("pad_ms", "How much a segment is made longer on each side. Default 30.", 0, 60_000);

    private readonly SpeechGraph _graph;

    private VoiceActivityDetection(TaskMaterial material)
    {
        _graph = SpeechGraph.Make(material, Name);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = SoundGraph.Describe(Name, material, Settings);
    }

    /// <summary>No file says that a graph is of this kind, and clients that keep the state themselves shall find what they know: it must be named.</summary>
    public static TaskKind Kind { get; } = new(Name, [Threshold, MinSpeech, MinSilence, Pad, .. SoundOptions.All], _ => null, material => new VoiceActivityDetection(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => SoundWork.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Start, ElementType.Float32, ("segments", -1)),
        TensorSignatures.PerRow(End, ElementType.Float32, ("segments", -1)),
        RaggedCounts.Output,
        TensorSignatures.PerRow(Probability, ElementType.Float32, ("windows", -1)),
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!(await SoundWork.RunAsync(call, SpeechGraph.Rate, static samples => samples).ConfigureAwait(false)).TryGetValue(out var recordings, out var failure)
            || !(await ListenAsync(call, recordings).ConfigureAwait(false)).TryGetValue(out var probabilities, out failure))
        {
            return failure;
        }

        var segments = new SpeechSegments(call.Settings.Get(Threshold, 0.5), Samples(call, MinSpeech, 250), Samples(call, MinSilence, 100), Samples(call, Pad, 30));
        var ragged = new RaggedRows<SpeechSegment>([.. recordings.Select((samples, row) => segments.Find(probabilities[row], SpeechGraph.Window, samples.Length))]);
        var windows = call.Wants(Probability, always: false) ? new RaggedRows<float>(probabilities) : null;
        var answer = new TaskAnswer()
            .Add(Start, ragged.Shape, ragged.Floats(segment => (float)segment.Start / SpeechGraph.Rate))
            .Add(End, ragged.Shape, ragged.Floats(segment => (float)segment.End / SpeechGraph.Rate));
        ragged.AddCounts(answer);
        if (windows is not null)
        {
            answer.Add(Probability, windows.Shape, windows.Floats(probability => probability));
        }

        return answer;
    }

    /// <summary>Listens to several recordings at a time, so that the graph has more than one of them to run together.</summary>
    private async ValueTask<Outcome<float[][]>> ListenAsync(TaskCall call, ReadOnlyMemory<float>[] recordings)
    {
        var probabilities = new float[recordings.Length][];
        InferenceFailure? failed = null;
        var next = -1;
        var listeners = Enumerable.Range(0, Math.Min(Together, recordings.Length)).Select(async _ =>
        {
            for (var row = Interlocked.Increment(ref next); row < recordings.Length && Volatile.Read(ref failed) is null; row = Interlocked.Increment(ref next))
            {
                if (!(await _graph.ListenAsync(call, recordings[row]).ConfigureAwait(false)).TryGetValue(out probabilities[row]!, out var failure))
                {
                    Interlocked.CompareExchange(ref failed, recordings.Length == 1 ? failure : failure with { Message = $"row {row}: {failure.Message}" }, null);
                }
            }
        }).ToArray();
        await Task.WhenAll(listeners).ConfigureAwait(false);
        return failed is null ? probabilities : failed;
    }

    private static int Samples(TaskCall call, CountOption option, int otherwise) => (int)((long)call.Settings.Get(option, otherwise) * SpeechGraph.Rate / 1000);
}
