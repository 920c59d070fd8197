using System.Numerics.Tensors;
using Serving.Runtime.Audio;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tasks.Text;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>
/// Writes down what is said, with CTC models. Long recordings are heard in chunks whose edges are heard twice and counted once, as in
/// Hugging Face's pipelines, so that no word is cut.
/// </summary>
internal sealed class SpeechRecognition : ITask
{
    public const string Name = "automatic-speech-recognition";
    public const string Text = "text";
    public const string Word = "word";
    public const string Start = "start";
    public const string End = "end";
    public const string Duration = "duration";

    private const string Words = "word";
    private const string Characters = "char";
    private const string None = "none";
    private const double UsualChunk = 30;

    /// <summary>How much of a chunk its edges may be, each: with more, a few seconds would be heard hundreds of times.</summary>
    private const double MostEdge = 0.4;

    private static readonly NumberOption ChunkSeconds = new(
        "chunk_seconds", "Longer recordings are heard in chunks of so many seconds. Default 30.", 0.1, 3600);

    private static readonly NumberOption StrideSeconds = new(
        "stride_seconds", "How much of a chunk, on each side, only helps to hear its middle. Default a sixth of the chunk; at most two fifths of it.", 0, 1800);

    private static readonly ChoiceOption Timestamps = new(
        "return_timestamps", "Whether the answer has the times of words or of characters (char) beside the text. Default none.", None, Words, Characters);

    private static readonly string[] TimeOutputs = [Word, Start, End, RaggedCounts.Output.Name];

    private readonly SoundGraph _graph;
    private readonly string[] _logits;
    private readonly CtcText _decoder;

    private SpeechRecognition(TaskMaterial material)
    {
        _graph = SoundGraph.Make(material);
        if (_graph.Features.MostSamples is not null)
        {
            throw new TaskException($"the task {Name} wants a graph that takes samples of any length");
        }

        var logits = TextOutputs.Logits(material, rank: 3, Name);
        var vocabulary = CtcVocabulary.Read(material);
        if (logits is { HasRank: true } && logits.Shape[2] > 0 && !vocabulary.Covers(logits.Shape[2]))
        {
            throw new TaskException($"the vocabulary has more tokens than the {logits.Shape[2]} that the graph tells apart");
        }

        _logits = [logits.Name];
        _decoder = new CtcText(vocabulary);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = SoundGraph.Describe(Name, material, Settings);
    }

    public static TaskKind Kind { get; } = new(Name, [ChunkSeconds, StrideSeconds, Timestamps, .. SoundOptions.All], Recognise, material => new SpeechRecognition(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => SoundWork.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Text, ElementType.Bytes),
        TensorSignatures.PerRow(Word, ElementType.Bytes, ("parts", -1)),
        TensorSignatures.PerRow(Start, ElementType.Float32, ("parts", -1)),
        TensorSignatures.PerRow(End, ElementType.Float32, ("parts", -1)),
        RaggedCounts.Output,
        TensorSignatures.PerRow(Duration, ElementType.Float32),
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var chunk = call.Settings.Get(ChunkSeconds, UsualChunk);
        var stride = call.Settings.Get(StrideSeconds, chunk / 6);
        if (stride > MostEdge * chunk)
        {
            return InferenceFailure.InvalidInput(FormattableString.Invariant(
                $"{StrideSeconds.Name} is {stride}, allowed are at most two fifths of {ChunkSeconds.Name}, {MostEdge * chunk:0.###}"));
        }

        // Places of the answers must meet: chunks and edges are whole numbers of them.
        var place = _graph.Convolutions.Stride;
        var length = Math.Max(2, (int)(chunk * _graph.Features.Rate / place));
        var edge = Math.Min((int)(stride * _graph.Features.Rate / place), (length - 1) / 2);
        var heard = await _graph.RunAsync(call, samples => SoundWindows.WithEdges(samples, length * place, edge * place), _logits, Likeliest).ConfigureAwait(false);
        if (!heard.TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        var characters = rows.Select(windows => _decoder.Characters(Stitch(windows, edge, place))).ToList();
        var times = call.Settings.Get(Timestamps, None);
        var parts = times == None && !Array.Exists(TimeOutputs, output => call.Wants(output, always: false)) ? null
            : new RaggedRows<SpokenPart>(times == Characters ? characters : characters.ConvertAll(CtcText.Words));
        var answer = new TaskAnswer().Add(Text, new TensorShape(rows.Length), characters.ConvertAll(CtcText.Join));
        if (call.Wants(Duration, always: false))
        {
            answer.Add(Duration, new TensorShape(rows.Length), Array.ConvertAll(rows, windows => (float)windows[0].Length / _graph.Features.Rate));
        }

        return parts is null ? answer : AddTimes(answer, parts, (double)place / _graph.Features.Rate);
    }

    /// <summary>The likeliest token of each moment.</summary>
    private static int[] Likeliest(InferenceResponse response)
    {
        var logits = response.Outputs[0];
        var all = Numbers.Floats(logits);
        var classes = (int)logits.Shape[2];
        var path = new int[logits.Shape[1]];
        for (var i = 0; i < path.Length; i++)
        {
            path[i] = TensorPrimitives.IndexOfMax(all.Slice(i * classes, classes));
        }

        return path;
    }

    /// <summary>Puts the middles of chunks together; the first and the last have their outer edges too.</summary>
    private static List<int> Stitch(IReadOnlyList<SoundWindow<int[]>> windows, int edge, int place)
    {
        var path = new List<int>();
        for (var i = 0; i < windows.Count; i++)
        {
            var (start, length) = windows[i].Range.GetOffsetAndLength(windows[i].Length);
            var first = i == 0 ? 0 : edge;
            var last = i == windows.Count - 1 ? windows[i].Result.Length : (length / place) - edge;

            // Where the convolutions left out a last place, the one before goes on.
            for (var at = first; at < last && windows[i].Result.Length > 0; at++)
            {
                path.Add(windows[i].Result[Math.Min(at, windows[i].Result.Length - 1)]);
            }
        }

        return path;
    }

    private static TaskAnswer AddTimes(TaskAnswer answer, RaggedRows<SpokenPart> parts, double seconds)
    {
        answer.Add(Word, parts.Shape, parts.Texts(part => part.Text))
            .Add(Start, parts.Shape, parts.Floats(part => (float)(part.Start * seconds)))
            .Add(End, parts.Shape, parts.Floats(part => (float)(part.End * seconds)));
        parts.AddCounts(answer);
        return answer;
    }

    private static string? Recognise(TaskMaterial material) =>
        SoundGraph.Fits(material) && material.Config.IsFor("ForCTC") ? $"its architecture is {material.Config.Architecture}" : null;
}
