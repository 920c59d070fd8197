using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;

namespace Serving.Server.Tracing;

/// <summary>The trace settings of the server and of single models. While nothing is traced, a request costs one volatile read.</summary>
internal sealed class TraceState
{
    /// <summary>Triton's own.</summary>
    private const uint DefaultRate = 1000;

    private const string DefaultFile = "trace.json";

    private readonly Lock _updating = new();
    private readonly TraceSettings _default;
    private readonly Dictionary<string, TraceOverrides> _models = new(StringComparer.OrdinalIgnoreCase);
    private TraceOverrides _server = TraceOverrides.None;
    private TraceSamplers _samplers;
    private volatile TraceSamplers? _active;

    public TraceState(IOptions<ServingOptions> options)
    {
        Directory = options.Value.TraceDirectory;
        _default = new TraceSettings(Directory is null ? "" : DefaultFile, Timestamps: false, DefaultRate, Count: -1, LogFrequency: 0);
        _samplers = new TraceSamplers(new TraceSampler(_default, FileOf(_default, [])), FrozenDictionary<string, TraceSampler>.Empty);
    }

    /// <summary>Where trace files lie; null where there can be none.</summary>
    public string? Directory { get; }

    /// <summary>The sampler where this request is to be traced, else null.</summary>
    public TraceSampler? Sample(string model) => _active is { } active && active.Of(model) is var sampler && sampler.TrySample() ? sampler : null;

    /// <summary>The settings of a model, or of the server where no model is named.</summary>
    public TraceSettings Get(string? model) => Volatile.Read(ref _samplers).Of(model ?? "").Current;

    /// <summary>Applies all changes, or none and says why.</summary>
    /// <param name="model">The model; null or empty for the server.</param>
    /// <param name="change">What to change.</param>
    public Outcome<TraceSettings> Update(string? model, TraceChange change)
    {
        lock (_updating)
        {
            var problem = string.IsNullOrEmpty(model) ? UpdateServer(change) : UpdateModel(model, change);
            return problem is null ? Get(model) : InferenceFailure.InvalidInput($"Attempting to set invalid trace setting :{problem}");
        }
    }

    /// <summary>What is left of a count stays, unless it is changed.</summary>
    private static TraceOverrides WithCountLeft(TraceOverrides overrides, TraceSampler sampler) =>
        overrides.Count is null ? overrides : overrides with { Count = sampler.Current.Count };

    private string? UpdateServer(TraceChange change)
    {
        var server = change.Apply(WithCountLeft(_server, _samplers.Server));
        var settings = server.Over(_default);
        var models = _models.ToDictionary(pair => pair.Key, pair => WithCountLeft(pair.Value, _samplers.Of(pair.Key)).Over(settings), _models.Comparer);
        if (models.Values.Prepend(settings).Select(each => each.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            return problem;
        }

        _server = server;
        var files = KnownFiles();
        Publish(
            Keep(_samplers.Server, settings, files),
            models.ToDictionary(pair => pair.Key, pair => Keep(_samplers.Models[pair.Key], pair.Value, files)));
        return null;
    }

    private string? UpdateModel(string model, TraceChange change)
    {
        var overrides = change.Apply(WithCountLeft(_models.GetValueOrDefault(model, TraceOverrides.None), _samplers.Of(model)));
        var settings = overrides.Over(_samplers.Server.Current);
        if (settings.Problem is { } problem)
        {
            return problem;
        }

        var samplers = new Dictionary<string, TraceSampler>(_samplers.Models, StringComparer.OrdinalIgnoreCase);
        if (overrides == TraceOverrides.None)
        {
            _models.Remove(model);
            samplers.Remove(model);
        }
        else
        {
            _models[model] = overrides;
            samplers[model] = Keep(samplers.GetValueOrDefault(model), settings, KnownFiles());
        }

        Publish(_samplers.Server, samplers);
        return null;
    }

    /// <summary>A sampler whose settings are the same goes on as it is.</summary>
    private TraceSampler Keep(TraceSampler? known, TraceSettings settings, Dictionary<string, TraceFile> files) =>
        known is not null && known.Current == settings ? known : new TraceSampler(settings, FileOf(settings, files));

    private void Publish(TraceSampler server, Dictionary<string, TraceSampler> models)
    {
        var samplers = new TraceSamplers(server, models.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
        Volatile.Write(ref _samplers, samplers);
        _active = samplers.AnyOn ? samplers : null;
    }

    /// <summary>Files that are in use go on as they are, whoever writes to them next.</summary>
    private Dictionary<string, TraceFile> KnownFiles() => _samplers.Models.Values
        .Append(_samplers.Server)
        .Select(sampler => sampler.File)
        .DistinctBy(file => file.Path)
        .ToDictionary(file => file.Path);

    private TraceFile FileOf(TraceSettings settings, Dictionary<string, TraceFile> known)
    {
        var path = Directory is null ? "" : TraceFile.Resolve(Directory, settings.File) ?? "";
        if (!known.TryGetValue(path, out var file))
        {
            known[path] = file = new TraceFile(path);
        }

        return file;
    }
}
