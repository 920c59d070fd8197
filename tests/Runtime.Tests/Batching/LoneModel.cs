using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Graphs;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Onnx;
using Serving.Runtime.Onnx.Providers;
using Serving.Runtime.Statistics;

namespace Serving.Runtime.Tests.Batching;

/// <summary>A model without a queue, so that a test says itself which requests run together.</summary>
internal sealed class LoneModel : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RunCostModel _cost = new();
    private readonly OnnxSession _session;
    private readonly Admission _admission;
    private readonly RequestPool _requests;
    private readonly InputLayout _layout;
    private readonly BatchRunner _runner;

    private LoneModel(string path)
    {
        OnnxEnvironment.Initialise(NullLogger.Instance);
        var graph = OnnxGraphReader.Read(path);
        var signature = new GraphSignature(graph.Inputs, graph.Outputs);
        var settings = new SessionSettings { Providers = [ExecutionProviders.Default(ProviderNames.Cpu)] };
        _session = SessionFactory.Create(path, settings, graph).Session;
        var probe = new ProbeGraph(_session, signature, CancellationToken.None);
        Axes = new AxisProbe(graph, signature, probe, new SampleMaker(IndexBounds.Find(graph))).Run();
        int[] inputAxes = [.. signature.Inputs.Select(i => Axes.Inputs.GetValueOrDefault(i.Name, -1))];
        _admission = new Admission("model", signature, Axes, inputAxes, new BatchKeys(inputAxes, Axes.Padding));
        _requests = new RequestPool(inputAxes.Length, Axes.Padding?.Classes.Count ?? 0, static (_, _, _) => { }, TimeProvider.System);
        _layout = new InputLayout(signature, inputAxes, Axes.Padding);
        _runner = new BatchRunner(
            _session,
            Axes,
            _layout,
            _cost,
            new ModelLabel("model", "1"),
            new EngineMetrics(_services.GetRequiredService<IMeterFactory>()),
            new VersionCounters(TimeProvider.System),
            NullLogger.Instance,
            TimeProvider.System)
        {
            OutputDetails = FrozenDictionary<string, OutputDetails>.Empty,
            Health = new RunHealth(null, new BreakerRules(0, TimeSpan.Zero, TimeSpan.Zero), new ModelLabel("model", "1"), null, NullLogger.Instance, TimeProvider.System),
        };
    }

    public BatchAxes Axes { get; }

    /// <summary>Runs of the graph that succeeded; requests whose batch failed run alone, each by itself.</summary>
    public long Runs => _cost.Runs;

    public static LoneModel Load(string folder) => new(Path.Combine(folder, "model.onnx"));

    /// <summary>Runs requests in one batch.</summary>
    public InferenceResponse[] Run(params InferenceRequest[] requests)
    {
        var batch = new Batch();
        var tasks = new List<ValueTask<Outcome<InferenceResponse>>>();
        foreach (var request in requests)
        {
            var pending = Accept(request, CancellationToken.None);
            tasks.Add(pending.Task);
            Assert.True(batch.TryAdd(pending));
        }

        batch.Seal();
        _runner.Run(batch);
        batch.Deliver();
        return [.. tasks.Select(task =>
        {
            Assert.True(task.IsCompleted);
            Assert.True(task.Result.TryGetValue(out var response, out var failure), failure?.Message);
            return response!;
        })];
    }

    /// <summary>A request that is in no batch yet.</summary>
    public PendingRequest Accept(InferenceRequest request, CancellationToken cancellationToken)
    {
        var pending = _requests.Rent();
        Assert.Null(_admission.Accept(request, pending.Accepted));
        pending.Begin(cancellationToken);
        return pending;
    }

    /// <summary>What the graph makes of a request, without answering it; to be shared by so many answers.</summary>
    public BatchOutputs Compute(PendingRequest request, int users)
    {
        var plan = _layout.Plan([request]);
        var run = _session.Rent(plan.Inputs, plan.Outputs.Distinct);
        _layout.Write(plan, [request], run);
        run.Execute();
        return new BatchOutputs(run, plan, Axes.Outputs, Axes.Padding, users);
    }

    public void Dispose()
    {
        _session.Dispose();
        _services.Dispose();
    }
}
