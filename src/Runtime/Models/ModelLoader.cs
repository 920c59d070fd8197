using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Configuration;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Ensembles;
using Serving.Runtime.Graphs;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Onnx.Providers;
using Serving.Runtime.Repository;
using Serving.Runtime.Simulation;
using Serving.Runtime.Tasks;
using Serving.Runtime.Tasks.Finding;

namespace Serving.Runtime.Models;

/// <summary>Makes a runnable model from files: reads the graph, checks it, makes the session, probes its axes, warms it.</summary>
internal sealed class ModelLoader
{
    private readonly EngineOptions _options;
    private readonly RunScheduler _scheduler;
    private readonly EngineMetrics _metrics;
    private readonly ILogger<ModelLoader> _log;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retry;

    public ModelLoader(EngineOptions options, RunScheduler scheduler, EngineMetrics metrics, ILogger<ModelLoader> log, TimeProvider time)
    {
        _options = options;
        _scheduler = scheduler;
        _metrics = metrics;
        _log = log;
        _time = time;

        // Network file systems and virus scanners fail a read that works a moment later.
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<IOException>(e => e is not (FileNotFoundException or DirectoryNotFoundException)),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
    }

    /// <summary>Takes every request that comes to a model; null where nobody wants to know.</summary>
    public ArrivalRecorder? Arrivals { get; init; }

    /// <summary>Finds models by name, for ensembles; set once, before anything is loaded.</summary>
    public Func<string, Inference.Outcome<ModelTarget>> Models { get; set; } = static name => InferenceFailure.NotFound($"Request for unknown model: '{name}' is not found");

    /// <summary>Loads one version; blocks a thread for as long as that takes.</summary>
    /// <exception cref="GraphException">It cannot be loaded; the message says why.</exception>
    public async Task<LoadResult> LoadAsync(ModelSource source, long version, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync(
                token => new ValueTask<LoadResult>(Task.Run(() => Load(source, version, token), token)), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OutOfMemoryException)
        {
            throw new GraphException(e.Message, e);
        }
    }

    private LoadResult Load(ModelSource source, long version, CancellationToken cancellationToken)
    {
        if (!source.Config.Steps.IsEmpty)
        {
            return new LoadResult(LoadEnsemble(source, version), ImmutableDictionary<string, string>.Empty);
        }

        var path = source.Versions[version].GraphPath;
        if (!GraphSearch.IsGraph(path))
        {
            return new LoadResult(LoadWithoutGraph(source, version), ImmutableDictionary<string, string>.Empty);
        }

        var graph = OnnxGraphReader.Read(path);
        var config = source.Config with
        {
            CustomOps = [.. source.Config.CustomOps.Select(file => Path.GetFullPath(file, source.Directory))],
            Labels = LabelFiles.Find(source, version, graph),
        };
        if (GraphChecks.Check(graph, config, path) is { Count: > 0 } errors)
        {
            throw new GraphException(string.Join("; ", errors));
        }

        var task = FindTask(source, version, graph, out var warning);
        var (session, refused) = SessionFactory.Create(path, Settings(config), graph);
        try
        {
            using var reference = session.Provider == ProviderNames.Cpu ? null : TryCreateReference(path, config, graph);
            var name = task is null ? source.Name : source.Name + ModelTarget.GraphSuffix;
            var loaded = Finish(source with { Name = name }, version, graph, session, reference ?? session, config, warning, cancellationToken);
            return new LoadResult(task is null ? loaded : ServeAs(task, loaded, source, version), refused.ToImmutableDictionary());
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The task that a folder with such a graph is; a bare file is none.</summary>
    private static ITask? FindTask(ModelSource source, long version, OnnxGraph graph, out string? warning)
    {
        warning = null;
        if (source.Location != source.Directory)
        {
            return null;
        }

        try
        {
            var files = new TaskFiles(Path.GetDirectoryName(source.Versions[version].GraphPath)!, source.Directory);
            var material = new TaskMaterial(graph.Inputs, graph.Outputs, files, source.Config.Task?.Options ?? []) { Weights = graph.Initializers, Bounds = IndexBounds.Find(graph) };
            return TaskFinder.Find(material, source.Config.Task, out warning);
        }
        catch (TaskException error) when (source.Config.Task is not null)
        {
            throw new GraphException(error.Message, error);
        }
        catch (TaskException error)
        {
            warning = $"served by its tensors: {error.Message}";
            return null;
        }
    }

    /// <summary>A task that asks other models.</summary>
    private LoadedTask LoadWithoutGraph(ModelSource source, long version)
    {
        try
        {
            var material = new TaskMaterial([], [], new TaskFiles(source.Directory), source.Config.Task!.Options);
            var task = TaskFinder.Find(material, source.Config.Task, out _) ?? throw new TaskException("without a graph it can only be a task that asks other models");
            return ServeAs(task, null, source, version);
        }
        catch (TaskException error)
        {
            throw new GraphException($"there is no ONNX graph in {source.Directory}, and {error.Message}", error);
        }
    }

    private LoadedEnsemble LoadEnsemble(ModelSource source, long version)
    {
        try
        {
            var label = new ModelLabel(source.Name, version.ToString(CultureInfo.InvariantCulture));
            return new LoadedEnsemble(EnsemblePlan.Make(source.Config), Models, label, _metrics, _time) { Configuration = ConfigurationDescriber.Describe(source, version) };
        }
        catch (ConfigException error)
        {
            throw new GraphException(error.Message, error);
        }
    }

    private LoadedTask ServeAs(ITask task, LoadedGraph? graph, ModelSource source, long version)
    {
        var label = new ModelLabel(source.Name, version.ToString(CultureInfo.InvariantCulture));
        return new LoadedTask(task, graph, Models, label, _metrics, _time)
        {
            Configuration = ConfigurationDescriber.Describe(source, version, task, graph?.Configuration ?? ConfigurationDescriber.Describe(source, version)),
        };
    }

    /// <summary>
    /// The same graph on the processor, to probe: axes are the graph's, not the device's, and a GPU's kernels neither complain
    /// about an impossible sample (a lookup out of bounds reads garbage) nor round alike for every batch size.
    /// </summary>
    private OnnxSession? TryCreateReference(string path, ModelConfig config, OnnxGraph graph)
    {
        try
        {
            return SessionFactory.Create(path, Settings(config) with { Providers = [ExecutionProviders.Default(ProviderNames.Cpu)] }, graph).Session;
        }
        catch (GraphException)
        {
            // The processor lacks an operator that the device has; then the device is all there is to ask.
            return null;
        }
    }

    private LoadedGraph Finish(
        ModelSource source, long version, OnnxGraph graph, OnnxSession session, OnnxSession reference, ModelConfig config, string? warning, CancellationToken cancellationToken)
    {
        var label = new ModelLabel(source.Name, version.ToString(CultureInfo.InvariantCulture));
        var signature = new GraphSignature(graph.Inputs, graph.Outputs);
        var samples = new SampleMaker(IndexBounds.Find(graph));
        var maxRows = config.MaxBatchRows ?? _options.MaxBatchRows;
        using var timeout = new CancellationTokenSource(_options.ProbeTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        session.FixedOutputs = FixedOutputs(graph);
        var axes = FindAxes(graph, config, maxRows, signature, new ProbeGraph(reference, signature, stop.Token), samples);
        cancellationToken.ThrowIfCancellationRequested();
        var warm = new ProbeGraph(session, signature, cancellationToken);
        WarmUp.Run(config, signature, warm, samples);
        var cost = new RunCostModel();
        axes = Seed(axes, maxRows, cost, signature, new ProbeGraph(session, signature, stop.Token), samples);
        cancellationToken.ThrowIfCancellationRequested();
        var limits = new BatcherOptions(maxRows, config.MaxQueueRows ?? _options.MaxQueueRows, config.QueueTimeout)
        {
            MaxTokens = config.MaxBatchTokens ?? long.MaxValue,
            Objective = config.LatencyObjective,
        };
        var details = OutputDescriber.Describe(config, signature, axes);
        var parts = new LoadedGraphParts(limits, cost, details, _scheduler, _metrics, _log, _time)
        {
            Arrivals = Arrivals,
            Cache = config.Cache,
            Sample = SampleRow.Find(signature, samples, axes, warm, _time),
            Breaker = new BreakerRules(_options.BreakerFailures, _options.BreakerPause, _options.BreakerLongestPause),
        };
        return new LoadedGraph(session, signature, axes, label, parts)
        {
            Configuration = ConfigurationDescriber.Describe(source, version, session, signature, axes, limits),
            Warnings = warning is null ? [] : [warning],
            FileBytes = CountBytes(source.Versions[version].GraphPath, graph),
        };
    }

    /// <summary>The outputs whose extents follow from those of the inputs, whatever these contain.</summary>
    private static FrozenSet<string> FixedOutputs(OnnxGraph graph)
    {
        var dependence = DataDependence.On(graph, graph.Inputs.Select(i => i.Name));
        return graph.Outputs.Select(o => o.Name).Where(name => !dependence.Of(name).HasFlag(Dependence.Extents)).ToFrozenSet();
    }

    private BatchAxes FindAxes(
        OnnxGraph source, ModelConfig config, int maxRows, GraphSignature signature, ProbeGraph graph, SampleMaker samples)
    {
        if (maxRows == 1)
        {
            return BatchAxes.None("not batched: the configuration allows one row at a time");
        }

        if (config.Axes.IsEmpty)
        {
            return new AxisProbe(source, signature, graph, samples, config.Padding).Run();
        }

        var declared = DeclaredAxes.Read(config, signature);
        try
        {
            var sample = new SampleSearch(signature, graph, samples, _time).Run(declared);
            return DeclaredAxes.Pad(declared with { Sample = sample }, config, signature, graph, samples);
        }
        catch (OperationCanceledException)
        {
            return declared with { Evidence = $"{declared.Evidence}; only equal shapes share a batch: the probe's time was over" };
        }
    }

    // A model is served without costs too, where no sample can be made or the probe's time is over.
    private BatchAxes Seed(BatchAxes axes, int maxRows, RunCostModel cost, GraphSignature signature, ProbeGraph graph, SampleMaker samples)
    {
        try
        {
            if ((axes.Sample ?? new SampleSearch(signature, graph, samples, _time).Run(axes)) is { } sample)
            {
                axes = axes with { Sample = sample };
                new CostSeeding(signature, graph, samples, _time).Run(axes, sample, maxRows, cost);
            }
        }
        catch (OperationCanceledException)
        {
            return axes;
        }

        return axes;
    }

    private static long CountBytes(string path, OnnxGraph graph) => graph.ExternalData
        .Select(tensor => Path.Combine(Path.GetDirectoryName(path)!, tensor.Location))
        .Distinct()
        .Append(path)
        .Sum(file => new FileInfo(file).Length);

    private SessionSettings Settings(ModelConfig config) => new()
    {
        Providers = config.Providers is { IsEmpty: false } own ? own : DefaultProviders(),
        IntraOpThreads = Math.Min(config.IntraOpThreads ?? 1, _scheduler.Budget),
        Optimization = config.Optimization ?? OptimizationLevel.All,
        CustomOps = config.CustomOps,
        Entries = config.SessionEntries,
    };

    private ImmutableArray<ProviderConfig> DefaultProviders() =>
        _options.Providers.Count > 0 ? [.. _options.Providers.Select(ExecutionProviders.Default)] : [ExecutionProviders.Default(ProviderNames.Cpu)];
}
