using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Auth;
using Serving.Server.Health;
using Serving.Server.Hosting;
using Serving.Server.Rest.V1;
using Serving.Server.Rest.V2;
using Serving.Server.Tests.Descriptions;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>An engine with one model, <c>m x/y</c>, that answers each input as an output of the same name.</summary>
internal sealed class FakeEngine
{
    public const string Model = "m x/y";
    public const string QuotedModel = "m%20x%2Fy";

    public DrainState Drain { get; } = new();

    public ServingOptions Options { get; } = new() { MaxRequestBytes = 100_000 };

    public bool IsReady { get; set; } = true;

    /// <summary>Where set, all calls about models answer with it.</summary>
    public InferenceFailure? Failure { get; set; }

    /// <summary>Where set, an inference answers with it.</summary>
    public InferenceFailure? InferFailure { get; set; }

    /// <summary>Where set, the model is there and not ready.</summary>
    public InferenceFailure? NotReady { get; set; }

    /// <summary>Runs before an inference reads its inputs.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public InferenceRequest? LastRequest { get; private set; }

    /// <summary>The inputs and outputs of the model.</summary>
    public ModelMetadata Metadata { get; set; } = new(
        Model, ["1"], "onnxruntime_onnx", [new("x", ElementType.Float32, new TensorShape(-1, 2), ["n", ""])], [new("x", ElementType.Float32, new TensorShape(-1, 2), [])]);

    /// <summary>Makes the outputs of an inference; where not set, each input comes back.</summary>
    public Func<InferenceRequest, IReadOnlyList<OutputTensor>>? Outputs { get; set; }

    /// <summary>The state in which the model is.</summary>
    public ModelState State { get; set; } = ModelState.Ready;

    /// <summary>What the last load was to take in place of the model's own.</summary>
    public LoadOverrides? LastOverrides { get; private set; }

    /// <summary>The repository calls that arrived.</summary>
    public List<string> Calls { get; } = [];

    public Task<RestHost> StartAsync(Action<IApplicationBuilder>? pipeline = null) => RestHost.StartAsync(
        routes =>
        {
            pipeline?.Invoke((IApplicationBuilder)routes);
            routes.MapV1();
            routes.MapV2();
        },
        services => services
            .AddSingleton(Door())
            .AddSingleton(Drain)
            .AddSingleton<ManagementGate>()
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(Options)));

    private EngineDoor Door() => new()
    {
        IsReady = () => IsReady,
        CheckReady = (model, version) => Failure ?? NotReady ?? Check(model, version),
        GetMetadata = (model, version) => (Failure ?? Check(model, version)) is { } failure ? failure : Metadata,
        GetDetails = (model, version) => (Failure ?? Check(model, version)) is { } failure ? failure : Details(),
        GetConfiguration = (model, version) => (Failure ?? Check(model, version)) is { } failure ? failure : SampleDescriptions.Configuration,
        GetCosts = (model, version) => (Failure ?? Check(model, version)) is { } failure ? failure : new ModelCosts(Model, "1", "cpu", 123, 1.5, [new(1, 16, 0.25), new(2, 16, 0.375)]),
        GetStatistics = (model, version) => (Failure ?? (model is null ? null : Check(model, version))) is { } failure ? failure : new[] { SampleDescriptions.Statistics },
        GetIndex = readyOnly => readyOnly ? [Ready] : [Ready, new ModelStatus("broken", "2", ModelState.Unavailable, "no such file")],
        Infer = InferAsync,
        Load = (model, overrides, _) => Record("load", model, overrides),
        Unload = (model, _) => Record("unload", model, null),
    };

    private static ModelStatus Ready { get; } = new(Model, "1", ModelState.Ready, "");

    private ModelDetails[] Details() =>
        [new(Model, "1", State, "", "model.onnx", "cpu", new Dictionary<string, string> { ["cuda"] = "no device" },
            new BatchingDetails(true, 32, new Dictionary<string, int> { ["x"] = 0 }, new Dictionary<string, IReadOnlyList<int>> { ["x"] = [1] }, "two rows")
            {
                Mode = BatchingMode.Padded,
                PaddingValues = new Dictionary<string, int> { ["x"] = 1 },
                OutputLengths = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["axis 1: n"] },
                Sample = "lengths 8",
            },
            [])];

    private static InferenceFailure? Check(string model, string? version) => model != Model
        ? InferenceFailure.NotFound($"Request for unknown model: '{model}' is not found")
        : version is null or "1" or "stable" ? null : InferenceFailure.NotFound($"no version {version}");

    private ValueTask<InferenceFailure?> Record(string call, string model, LoadOverrides? overrides)
    {
        LastOverrides = overrides;
        Calls.Add($"{call} {model}");
        return new(Failure);
    }

    private async ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        LastRequest = request;
        await Before(cancellationToken);
        if ((Failure ?? InferFailure ?? Check(request.ModelName, request.ModelVersion)) is { } failure)
        {
            return failure;
        }

        return new InferenceResponse(null)
        {
            ModelName = Model,
            ModelVersion = "1",
            Id = request.Id,
            Outputs = Outputs?.Invoke(request) ?? [.. request.Inputs.Select(i => new OutputTensor(i.Name, i.Type, i.Shape, i.Data.ToArray()))],
            Stages = new StageTimes(
                TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(3), TimeSpan.Zero, TimeSpan.FromMilliseconds(4.5)),
        };
    }
}
