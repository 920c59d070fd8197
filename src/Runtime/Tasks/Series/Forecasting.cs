using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Series;

/// <summary>Says how series of numbers go on. A series longer than the model's memory counts with its end.</summary>
internal sealed class Forecasting : ITask
{
    public const string Name = "time-series-forecasting";
    public const string Values = "values";
    public const string Forecast = "forecast";

    private const string Past = "past_values";

    /// <summary>What a series that never changes is divided by, as good as nothing.</summary>
    private const double LeastDeviation = 1e-10;

    private static readonly FlagOption Scale = new(
        "scale", "Whether each channel gets a mean of 0 and a deviation of 1 first, and the forecast is brought back; for models that do not do it themselves. Default false.");

    private readonly TensorSignature _past;
    private readonly TensorSignature? _observed;
    private readonly string[] _outputs;
    private readonly long _context;

    private Forecasting(TaskMaterial material)
    {
        _past = material.Input(Past) is { Type: ElementType.Float32, HasRank: true, Shape.Rank: 3 } past
            ? past
            : throw new TaskException($"the task {Name} wants an input '{Past}' of FP32 with 3 axes (rows, time, channels)");
        _observed = (material.Input("past_observed_mask") ?? material.Input("observed_mask")) is { Type: ElementType.Float32 or ElementType.Bool } mask ? mask : null;
        if (material.Inputs.FirstOrDefault(input => input != _past && input != _observed && !input.Optional) is { } unknown)
        {
            throw new TaskException($"the graph's input '{unknown.Name}' ({unknown.Type.Name()} {unknown.Shape}) is none that a series gives");
        }

        _outputs = [Output(material).Name];
        _context = _past.Shape[1] > 0 ? _past.Shape[1] : material.Config.Root.Field("context_length").AsCount() ?? -1;
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = new TaskDetails(Name, material.Evidence) { Parameters = Settings.Parameters, Architecture = material.Config.Architecture };
        Inputs = [TensorSignatures.PerRow(Values, ElementType.Float32, ("time", -1), ("channels", _past.Shape[2]))];
    }

    public static TaskKind Kind { get; } = new(Name, [Scale], Recognise, material => new Forecasting(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; }

    public IReadOnlyList<TensorSignature> Outputs { get; } = [TensorSignatures.PerRow(Forecast, ElementType.Float32, ("time", -1), ("channels", -1))];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var tensor = call.Find(Values)!.Value;
        var (time, channels) = ((int)tensor.Shape[1], (int)tensor.Shape[2]);
        if (time < _context)
        {
            return InferenceFailure.InvalidInput($"the series have {time} values, the model wants {_context}; of longer ones it reads the last");
        }

        var all = MemoryMarshal.Cast<byte, float>(tensor.Data.ToArray()).ToArray();
        var read = (int)(_context > 0 ? _context : time);
        var series = Enumerable.Range(0, call.Rows).Select(row => all[((((row + 1) * time) - read) * channels)..((row + 1) * time * channels)]).ToList();
        var scales = series.ConvertAll(one => call.Settings.Get(Scale, false) ? SeriesScale.Take(one, channels, LeastDeviation) : null);
        var answered = await GraphRows.RunAsync(call, series.ConvertAll(one => GraphInputs(one, read, channels)), _outputs, (row, response) =>
        {
            var forecast = Numbers.Floats(response.Outputs[0]).ToArray();
            scales[row]?.Undo(forecast);
            return (Forecast: forecast, Shape: response.Outputs[0].Shape.ToArray());
        }).ConfigureAwait(false);
        return answered.TryGetValue(out var forecasts, out var failure)
            ? new TaskAnswer().Add(Forecast, new TensorShape([call.Rows, .. forecasts[0].Shape[1..]]), forecasts.SelectMany(one => one.Forecast).ToArray())
            : failure;
    }

    private InputTensor[] GraphInputs(float[] values, int time, int channels)
    {
        var shape = new TensorShape(1, time, channels);
        var past = new InputTensor(_past.Name, ElementType.Float32, shape, new ReadOnlySequence<byte>(MemoryMarshal.AsBytes<float>(values).ToArray()));
        return _observed is null ? [past] : [past, new InputTensor(_observed.Name, _observed.Type, shape, new ReadOnlySequence<byte>(Ones(_observed.Type, values.Length)))];
    }

    private static byte[] Ones(ElementType type, int count)
    {
        var bytes = new byte[count * type.Size()];
        if (type == ElementType.Bool)
        {
            bytes.AsSpan().Fill(1);
        }
        else
        {
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Fill(1);
        }

        return bytes;
    }

    private static TensorSignature Output(TaskMaterial material) =>
        material.OutputOf(3, "forecast", "prediction_outputs") is { HasRank: true } output && Numbers.AreFloats(output.Type)
            ? output
            : throw new TaskException(
                $"the task {Name} wants one output of floating-point numbers with 3 axes, such as 'forecast'; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Type.Name()} {o.Shape}"))}");

    private static string? Recognise(TaskMaterial material) =>
        material.Input(Past) is not null && material.Config.IsFor("ForPrediction") ? $"its architecture is {material.Config.Architecture}" : null;
}
