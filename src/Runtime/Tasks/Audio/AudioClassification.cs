using Serving.Runtime.Audio;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tasks.Text;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>Says which classes a recording belongs to. Of one in windows the numbers of all windows are averaged before they are made scores.</summary>
internal sealed class AudioClassification : ITask
{
    public const string Name = "audio-classification";

    private static readonly NumberOption ChunkSeconds = new(
        "chunk_seconds",
        "Longer recordings are heard in windows of so many seconds, and the windows' numbers averaged. Of a model that always hears so many seconds, never more than these and never less than a quarter. Default: no windows; what the model does not hear is cut.",
        0.02, 3600);

    private readonly SoundGraph _graph;
    private readonly string[] _logits;
    private readonly IReadOnlyList<string> _labels;
    private readonly string _function;

    private AudioClassification(TaskMaterial material)
    {
        _graph = SoundGraph.Make(material);
        var logits = TextOutputs.Logits(material, rank: 2, Name);
        _logits = [logits.Name];
        _labels = material.Config.Labels ?? [];
        _function = ClassOptions.FunctionOf(material.Config.ProblemType, TextOutputs.CountClasses(logits, _labels));
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = SoundGraph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(Name, [SoundOptions.TopK, ClassOptions.Function, ClassOptions.Threshold, ChunkSeconds, .. SoundOptions.All], Recognise, material => new AudioClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => SoundWork.Inputs;

    public IReadOnlyList<TensorSignature> Outputs => TopClasses.Outputs;

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var answered = await _graph.RunAsync(call, samples => Cut(samples, call.Settings), _logits, static response => Numbers.Floats(response.Outputs[0]).ToArray())
            .ConfigureAwait(false);
        if (!answered.TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        var function = call.Settings.Get(ClassOptions.Function, _function);
        var scores = rows.Select(windows => TextOutputs.Average(windows.Select(window => window.Result).ToArray())).ToList();
        scores.ForEach(row => ClassOptions.Apply(function, row));
        return TopClasses.Answer(scores, _labels, call.Settings.Get(SoundOptions.TopK, SoundOptions.UsualClasses), call.Settings.Get(ClassOptions.Threshold, double.NegativeInfinity));
    }

    private IReadOnlyList<Range> Cut(int samples, TaskSettings settings)
    {
        if (!settings.Has(ChunkSeconds))
        {
            return [Range.EndAt(samples)];
        }

        // What always has one size takes as much memory of a short window as of a long one.
        var length = (int)(settings.Get(ChunkSeconds, 0) * _graph.Features.Rate);
        length = _graph.Features.MostSamples is { } most ? Math.Clamp(length, Math.Max(most / 4, 1), most) : length;
        return SoundWindows.Full(samples, length, length);
    }

    private static string? Recognise(TaskMaterial material) =>
        SoundGraph.Fits(material) && (material.Config.IsFor("ForAudioClassification") || material.Config.IsFor("ForSequenceClassification"))
            ? $"its architecture is {material.Config.Architecture}"
            : null;
}
