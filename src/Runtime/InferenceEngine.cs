using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Caching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Onnx;
using Serving.Runtime.Simulation;
using Serving.Runtime.Statistics;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime;

/// <summary>
/// The one door to everything that can be inferred. All protocols call it; it knows none of them.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly EngineMetrics _metrics;
    private readonly ModelRegistry _registry;
    private readonly RepositoryFollower _follower;
    private readonly ArrivalRecorder? _arrivals;
    private volatile bool _started;

    /// <param name="options">The host's settings, validated.</param>
    /// <param name="meters">Makes the engine's meter.</param>
    /// <param name="loggers">Makes the engine's loggers.</param>
    /// <param name="time">The clock.</param>
    public InferenceEngine(EngineOptions options, IMeterFactory meters, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _time = time;
        _metrics = new EngineMetrics(meters);
        OnnxEnvironment.Initialise(loggers.CreateLogger("Serving.Runtime.Onnx"));

        // The runtime's processor count follows the container's CPU quota, rounded up.
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        _arrivals = options.RecordArrivals is { } file ? new ArrivalRecorder(file, loggers.CreateLogger<ArrivalRecorder>(), time) : null;
        var loader = new ModelLoader(options, new RunScheduler(threads, time), _metrics, loggers.CreateLogger<ModelLoader>(), time) { Arrivals = _arrivals };
        var loads = new SemaphoreSlim(Math.Min(threads, 4));
        var log = loggers.CreateLogger<ServedModel>();
        loader.Models = name => _registry!.Get(name);
        _registry = new ModelRegistry(source => new ServedModel(source, loader, loads, _metrics, log, time));
        _follower = new RepositoryFollower(options, _registry, loggers.CreateLogger<RepositoryFollower>(), time);
        _metrics.Observe(QueuedRows, ModelStates);
        _metrics.ObserveCaches(() => OfCaches(cache => cache.Hits), () => OfCaches(cache => cache.Misses), () => OfCaches(cache => cache.Bytes));
        _metrics.ObserveCosts(
            () => OfCosts(static cost => cost.Accuracy.Measured),
            () => OfCosts(static cost => cost.Accuracy.Predicted),
            () => OfCosts(static cost => cost.Accuracy.Missed),
            () => OfCosts(static cost => cost.Spread));
    }

    /// <summary>Whether the first scan is done and every model that could load has.</summary>
    public bool IsReady => _started && (!_options.StrictReadiness || GetIndex().All(m => m.State is ModelState.Ready or ModelState.Unknown));

    /// <summary>Scans the repositories and loads their models; completes when every model that could load has.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="meanwhile">What else must be done before the engine is ready; begins at once.</param>
    public async Task StartAsync(CancellationToken cancellationToken, Func<CancellationToken, Task>? meanwhile = null)
    {
        var other = meanwhile?.Invoke(cancellationToken) ?? Task.CompletedTask;
        await _follower.StartAsync(cancellationToken).ConfigureAwait(false);
        await other.ConfigureAwait(false);
        _started = true;
    }

    /// <summary>
    /// Runs a request. Completes only when the engine no longer reads the inputs' memory, also when it was cancelled.
    /// The caller takes the answer once, and disposes the response once its outputs are written.
    /// </summary>
    public ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        EngineActivity.IsWatched ? TraceAsync(request, cancellationToken) : RunAsync(request, cancellationToken);

    /// <summary>What a client may know of a model; NotFound for an unknown model or version, NotReady for one that is not loaded.</summary>
    public Outcome<ModelMetadata> GetMetadata(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Acquire(version).TryGetValue(out var loaded, out var failure))
        {
            return failure;
        }

        var described = loaded.GetSignature();
        loaded.Release();
        if (!described.TryGetValue(out var signature, out failure))
        {
            return failure;
        }

        string[] versions = [.. served.Model.Versions.Where(v => served.Of(v) is not null).Select(v => v.Version)];
        return new ModelMetadata(served.Name, versions, loaded.Platform, signature.Inputs, signature.Outputs) { Task = loaded.ServedAs };
    }

    /// <summary>Null where the model (or version) is ready, else why it is not.</summary>
    public InferenceFailure? CheckReady(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Acquire(version).TryGetValue(out var loaded, out var failure))
        {
            return failure;
        }

        var refusal = loaded.Refusal;
        loaded.Release();
        return refusal;
    }

    /// <summary>What an operator may know of a model's versions: all, or the one named.</summary>
    public Outcome<IReadOnlyList<ModelDetails>> GetDetails(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Model.Select(version).TryGetValue(out var selected, out var failure))
        {
            return failure;
        }

        return selected.Select(v => Describe(served, v.AsSeen())).ToArray();
    }

    /// <summary>How a model version is served: the one named, or the highest that is ready.</summary>
    public Outcome<ModelConfiguration> GetConfiguration(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Acquire(version).TryGetValue(out var loaded, out var failure))
        {
            return failure;
        }

        var configuration = loaded.Configure();
        loaded.Release();
        return configuration;
    }

    /// <summary>What makes tokens of a model's texts; it stays valid when the model goes. Unsupported for a model that reads none.</summary>
    public Outcome<Tokenizer> GetTokenizer(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Acquire(version).TryGetValue(out var loaded, out var failure))
        {
            return failure;
        }

        var tokenizer = loaded.Tokenizer;
        loaded.Release();
        return tokenizer is null ? InferenceFailure.Unsupported($"model '{served.Name}' has no tokenizer") : tokenizer;
    }

    /// <summary>What has been learned of the cost of a model version's runs: the one named, or the highest that is ready.</summary>
    public Outcome<ModelCosts> GetCosts(string model, string? version = null)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (!served.Acquire(version).TryGetValue(out var loaded, out var failure))
        {
            return failure;
        }

        loaded.Release();
        return loaded.Graph is { } graph
            ? ModelCosts.Of(served.Name, graph)
            : InferenceFailure.NotFound($"model '{served.Name}' has no costs of its own; those of its steps are under their names");
    }

    /// <summary>
    /// What versions have done since they were loaded: the one named, or all of the model that are ready, or all of all models where
    /// <paramref name="model"/> is null or empty.
    /// </summary>
    public Outcome<IReadOnlyList<ModelStatistics>> GetStatistics(string? model = null, string? version = null)
    {
        if (string.IsNullOrEmpty(model))
        {
            return Loaded().Select(Statistics).ToArray();
        }

        if (!_registry.Get(model).TryGetValue(out var named, out var unknown))
        {
            return unknown;
        }

        if (!named.Model.Select(version).TryGetValue(out var selected, out var failure))
        {
            return failure;
        }

        ModelStatistics[] statistics = [.. selected.Select(named.Of).OfType<LoadedModel>().Select(Statistics)];
        return statistics.Length > 0 ? statistics : InferenceFailure.NotReady($"model '{named.Name}' has no version that is ready, and so no statistics");
    }

    /// <summary>Every model version of the repositories, also those that could not be loaded.</summary>
    public IReadOnlyList<ModelStatus> GetIndex(bool readyOnly = false) =>
    [
        .. from seen in Seen()
           where !readyOnly || seen.Version.State == ModelState.Ready
           select new ModelStatus(seen.Target.Name, seen.Version.Version, seen.Version.State, seen.Version.Reason),
    ];

    /// <summary>Loads or reloads a model from its files now; answers when its versions are ready, or why they are not.</summary>
    public ValueTask<InferenceFailure?> LoadAsync(string model, CancellationToken cancellationToken) => LoadAsync(model, null, cancellationToken);

    /// <summary>
    /// Loads or reloads a model as the overrides say, which hold until it is loaded again, unloaded, or its files in the repository change.
    /// Where it cannot be loaded so, what was in service stays there. Without overrides, from its files.
    /// </summary>
    public async ValueTask<InferenceFailure?> LoadAsync(string model, LoadOverrides? overrides, CancellationToken cancellationToken) =>
        await (overrides is null ? _follower.LoadAsync(model, cancellationToken) : _follower.LoadAsync(model, overrides, cancellationToken)).ConfigureAwait(false);

    /// <summary>Takes a model out of service; answers when its requests in flight are done. It stays out until it is loaded or its files change.</summary>
    public async ValueTask<InferenceFailure?> UnloadAsync(string model, CancellationToken cancellationToken)
    {
        if (!_registry.Get(model).TryGetValue(out var served, out var unknown))
        {
            return unknown;
        }

        if (served.IsGraph)
        {
            return InferenceFailure.InvalidInput($"failed to unload '{model}': it is a part of '{served.Model.Name}' and comes and goes with it");
        }

        await _follower.UnloadAsync(served.Model, cancellationToken).ConfigureAwait(false);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.DisposeAsync().ConfigureAwait(false);
        await (_arrivals?.DisposeAsync() ?? default).ConfigureAwait(false);
    }

    private async ValueTask<Outcome<InferenceResponse>> TraceAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        using var activity = EngineActivity.Start(request);
        var outcome = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        EngineActivity.Finish(activity, outcome);
        return outcome;
    }

    private ValueTask<Outcome<InferenceResponse>> RunAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (!_registry.Get(request.ModelName).TryGetValue(out var served, out var unknown))
        {
            _metrics.RequestFailed("", "", unknown.Error);
            return new(unknown);
        }

        if (!served.Acquire(request.ModelVersion).TryGetValue(out var loaded, out var notReady))
        {
            _metrics.RequestFailed(served.Name, "", notReady.Error);
            return new(notReady);
        }

        return loaded.InferAsync(request, cancellationToken);
    }

    private static ModelStatistics Statistics(LoadedModel loaded) => loaded.Counters.Read(loaded.Name, loaded.Version);

    private static ModelDetails Describe(ModelTarget target, ServedVersion version)
    {
        var model = target.Model;
        var loaded = target.Of(version);
        var graph = loaded?.Graph;
        return new ModelDetails(
            target.Name,
            version.Version,
            version.State,
            version.Reason,
            version.File,
            graph?.Provider ?? "",
            version.RefusedProviders,
            graph is null ? null : BatchingDetails.Of(graph),
            [.. model.Source.Config.Warnings, .. loaded?.Warnings ?? []])
        {
            Task = loaded?.ServedAs,
            Cache = graph?.Cache,
            Labels = model.LabelsOf(version),
            FileBytes = graph?.FileBytes ?? 0,
        };
    }

    /// <summary>Every name and version that can be called, graphs of tasks among them, as clients see them.</summary>
    private IEnumerable<(ModelTarget Target, ServedVersion Version)> Seen() =>
        from model in _registry.All
        from version in model.Versions.Select(version => version.AsSeen())
        from isGraph in version.Loaded is LoadedTask { Graph: not null } ? (bool[])[false, true] : [false]
        select (new ModelTarget(model, isGraph), version);

    /// <summary>Everything that is loaded, graphs of tasks among it.</summary>
    private IEnumerable<LoadedModel> Loaded() => Seen().Select(seen => seen.Target.Of(seen.Version)).OfType<LoadedModel>();

    private IEnumerable<Measurement<long>> QueuedRows() =>
        Loaded().OfType<LoadedGraph>().Select(graph => new Measurement<long>(graph.QueuedRows, Tags(graph)));

    private IEnumerable<Measurement<double>> OfCosts(Func<RunCostModel, double> read) =>
        Loaded().OfType<LoadedGraph>().Select(graph => new Measurement<double>(read(graph.Cost), Tags(graph)));

    private IEnumerable<Measurement<long>> OfCaches(Func<CacheDetails, long> read) =>
        from graph in Loaded().OfType<LoadedGraph>()
        let cache = graph.Cache
        where cache is not null
        select new Measurement<long>(read(cache), Tags(graph));

    private static KeyValuePair<string, object?>[] Tags(LoadedModel loaded) => [new("model", loaded.Name), new("version", loaded.Version)];

    private IEnumerable<Measurement<int>> ModelStates() =>
        from seen in Seen()
        select new Measurement<int>(
            1,
            new("model", seen.Target.Name),
            new("version", seen.Version.Version),
            new("state", seen.Version.State.ToString()),
            new("provider", seen.Target.Of(seen.Version)?.Graph?.Provider ?? ""));
}
