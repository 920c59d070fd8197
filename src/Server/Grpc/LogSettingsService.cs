using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Logging;
using Choice = Serving.Contracts.Inference.LogSettingsRequest.Types.SettingValue.ParameterChoiceOneofCase;

namespace Serving.Server.Grpc;

/// <summary>LogSettings: without settings everybody may ask, with some it is for who may manage.</summary>
internal sealed class LogSettingsService(LogState state, ManagementGate gate)
{
    public Outcome<LogSettingsResponse> Handle(RpcCall call, LogSettingsRequest request)
    {
        if (request.Settings.Count == 0)
        {
            return Describe(state.Current);
        }

        if (gate.Check(call.Http) is { } refused)
        {
            return refused;
        }

        var change = new LogChange();
        foreach (var (name, value) in request.Settings)
        {
            if (change.Set(name, ToValue(value)) is { } wrong)
            {
                return wrong;
            }
        }

        return state.Update(change).TryGetValue(out var settings, out var failure) ? Describe(settings) : failure;
    }

    /// <summary>An empty value is a text without letters, which no setting takes: null would leave it as it is without a word.</summary>
    private static object ToValue(LogSettingsRequest.Types.SettingValue value) => value.ParameterChoiceCase switch
    {
        Choice.BoolParam => value.BoolParam,
        Choice.Uint32Param => (long)value.Uint32Param,
        _ => value.StringParam,
    };

    private static LogSettingsResponse Describe(LogSettings settings) => new()
    {
        Settings =
        {
            [LogChange.File] = new() { StringParam = "" },
            [LogChange.Info] = new() { BoolParam = settings.Info },
            [LogChange.Warning] = new() { BoolParam = settings.Warning },
            [LogChange.Error] = new() { BoolParam = settings.Error },
            [LogChange.VerboseLevel] = new() { Uint32Param = settings.VerboseLevel },
            [LogChange.Format] = new() { StringParam = settings.Iso8601 ? LogChange.Iso8601Format : LogChange.DefaultFormat },
        },
    };
}
