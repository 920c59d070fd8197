using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Tracing;

namespace Serving.Server.Grpc;

/// <summary>TraceSetting: without settings everybody may ask, with some it is for who may manage.</summary>
internal sealed class TraceSettingService(EngineDoor engine, TraceState state, ManagementGate gate)
{
    public Outcome<TraceSettingResponse> Handle(RpcCall call, TraceSettingRequest request)
    {
        var refused = (request.Settings.Count == 0 ? null : gate.Check(call.Http)) ?? TraceRules.CheckModel(engine, request.ModelName);
        if (refused is not null)
        {
            return refused;
        }

        var change = new TraceChange(state.Directory);
        foreach (var (name, values) in request.Settings)
        {
            if (change.Set(name, values.Value) is { } wrong)
            {
                return wrong;
            }
        }

        if (request.Settings.Count == 0)
        {
            return Describe(state.Get(request.ModelName));
        }

        return state.Update(request.ModelName, change).TryGetValue(out var settings, out var failure) ? Describe(settings) : failure;
    }

    private static TraceSettingResponse Describe(TraceSettings settings)
    {
        var response = new TraceSettingResponse();
        foreach (var (name, value) in TraceRules.Describe(settings))
        {
            response.Settings[name] = new TraceSettingResponse.Types.SettingValue { Value = { value } };
        }

        return response;
    }
}
