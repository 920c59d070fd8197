using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Grpc;

/// <summary>The repository's index for everybody; loading and unloading of models for who may manage.</summary>
internal sealed class RepositoryService(EngineDoor engine, ManagementGate gate)
{
    public Outcome<RepositoryIndexResponse> GetIndex(RepositoryIndexRequest request)
    {
        if (CheckRepository(request.RepositoryName) is { } refused)
        {
            return refused;
        }

        return new RepositoryIndexResponse
        {
            Models =
            {
                engine.GetIndex(request.Ready).Select(model => new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = model.Name,
                    Version = model.Version,
                    State = model.State.ToString().ToUpperInvariant(),
                    Reason = model.Reason,
                }),
            },
        };
    }

    public async ValueTask<Outcome<RepositoryModelLoadResponse>> LoadAsync(RpcCall call, RepositoryModelLoadRequest request)
    {
        if ((gate.Check(call.Http) ?? CheckRepository(request.RepositoryName)) is { } refused)
        {
            return refused;
        }

        LoadOverrides? overrides = null;
        if (LoadParameters.Read(request) is { } given && !given.TryGetValue(out overrides, out var wrong))
        {
            return wrong;
        }

        var failure = await engine.Load(request.ModelName, overrides, call.CancellationToken);
        return failure is null ? new RepositoryModelLoadResponse() : failure;
    }

    public async ValueTask<Outcome<RepositoryModelUnloadResponse>> UnloadAsync(RpcCall call, RepositoryModelUnloadRequest request)
    {
        if ((gate.Check(call.Http) ?? CheckRepository(request.RepositoryName) ?? CheckUnload(request)) is { } refused)
        {
            return refused;
        }

        var failure = await engine.Unload(request.ModelName, call.CancellationToken);
        return failure is null ? new RepositoryModelUnloadResponse() : failure;
    }

    private static InferenceFailure? CheckRepository(string name) => name.Length == 0
        ? null
        : InferenceFailure.Unsupported($"repository_name is '{name}', but repositories have no names here; leave it empty");

    private static InferenceFailure? CheckUnload(RepositoryModelUnloadRequest request) => request.Parameters
        .Select(parameter => parameter.Key != OverrideRules.Dependents ? OverrideRules.Unknown(parameter.Key)
            : parameter.Value.ParameterChoiceCase != ModelRepositoryParameter.ParameterChoiceOneofCase.BoolParam
                ? InferenceFailure.InvalidInput($"parameter '{parameter.Key}' must be a bool_param")
                : null)
        .FirstOrDefault(failure => failure is not null);
}
