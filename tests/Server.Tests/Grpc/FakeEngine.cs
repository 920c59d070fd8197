using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Descriptions;

namespace Serving.Server.Tests.Grpc;

/// <summary>
/// Stands in for the engine: the model <c>echo</c> answers each input as an output of the same name, whatever it is; <c>tired</c> is
/// known but not ready. Everything else is unknown.
/// </summary>
internal sealed class FakeEngine
{
    private static readonly TensorSignature Tensor = new("x", ElementType.Float32, new TensorShape(-1, 2), ["", ""]);

    public bool IsReady { get; set; } = true;

    /// <summary>Models that were loaded and unloaded, in order.</summary>
    public List<string> Management { get; } = [];

    /// <summary>What the last load was to take in place of the model's own.</summary>
    public LoadOverrides? Overrides { get; private set; }

    /// <summary>The last request.</summary>
    public InferenceRequest? Last { get; private set; }

    /// <summary>Replaces the echo.</summary>
    public Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>>? Infer { get; set; }

    /// <summary>Overrides what <c>echo</c> answers when asked whether it is ready.</summary>
    public InferenceFailure? EchoFailure { get; set; }

    /// <summary>Responses that were disposed.</summary>
    public int Disposed { get; private set; }

    public EngineDoor Door => new()
    {
        IsReady = () => IsReady,
        CheckReady = (model, version) => CheckReady(model, version),
        GetMetadata = (model, version) => CheckReady(model, version) is { } failure
            ? failure
            : new ModelMetadata("echo", ["1", "3"], "onnxruntime_onnx", [Tensor], [Tensor]),
        GetDetails = (model, _) => InferenceFailure.NotFound($"nobody asks for the details of '{model}' here"),
        GetConfiguration = (model, version) => CheckReady(model, version) is { } failure ? failure : SampleDescriptions.Configuration,
        GetCosts = (model, _) => InferenceFailure.NotFound($"nobody asks for the costs of '{model}' here"),
        GetStatistics = (model, version) => (string.IsNullOrEmpty(model) ? null : CheckReady(model, version)) is { } failure
            ? failure
            : new[] { SampleDescriptions.Statistics },
        GetIndex = readyOnly =>
        [
            new ModelStatus("echo", "3", ModelState.Ready, ""),
            .. readyOnly ? Array.Empty<ModelStatus>() : [new ModelStatus("tired", "1", ModelState.Unavailable, "yawns")],
        ],
        Infer = (request, token) =>
        {
            Last = request;
            return Infer is null ? Echo(request) : Infer(request, token);
        },
        Load = (model, overrides, _) =>
        {
            Overrides = overrides;
            return Manage("load", model);
        },
        Unload = (model, _) => Manage("unload", model),
    };

    public ValueTask<Outcome<InferenceResponse>> Echo(InferenceRequest request)
    {
        if (CheckReady(request.ModelName, request.ModelVersion) is { } failure)
        {
            return new(failure);
        }

        return new(new InferenceResponse(new Owner(() => Disposed++))
        {
            ModelName = "echo",
            ModelVersion = "3",
            Id = request.Id,
            Outputs = [.. request.Inputs.Select(input => new OutputTensor(input.Name, input.Type, input.Shape, input.Data.ToArray()))],
            Stages = new StageTimes(
                TimeSpan.FromMicroseconds(1500), TimeSpan.Zero, TimeSpan.FromMilliseconds(2), TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(4)),
        });
    }

    private InferenceFailure? CheckReady(string model, string? version) => (model, version) switch
    {
        ("echo", null or "" or "1" or "3") => EchoFailure,
        ("tired", _) => InferenceFailure.NotReady("model 'tired' is not ready"),
        _ => InferenceFailure.NotFound($"Request for unknown model: '{model}' version '{version}' is not found"),
    };

    private ValueTask<InferenceFailure?> Manage(string action, string model)
    {
        Management.Add($"{action} {model}");
        return new(model is "echo" or "tired" ? null : InferenceFailure.NotFound($"no model '{model}'"));
    }

    private sealed class Owner(Action disposed) : IDisposable
    {
        public void Dispose() => disposed();
    }
}
