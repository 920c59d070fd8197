using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Logging;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>Triton's logging extension: everybody may read the settings, who may manage may change them.</summary>
internal sealed class LogSettingsEndpoint(LogState state, ManagementGate gate, long maxRequestBytes)
{
    private const string Path = "/v2/logging";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, context => WriteAsync(context, state.Current));
        routes.MapPost(Path, UpdateAsync);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var failure = gate.Check(context);
        if (failure is null && (await ReadAsync(context)).TryGetValue(out var change, out failure)
            && state.Update(change).TryGetValue(out var settings, out failure))
        {
            await WriteAsync(context, settings);
            return;
        }

        await ErrorResponse.WriteAsync(context, failure);
    }

    private async ValueTask<Outcome<LogChange>> ReadAsync(HttpContext context)
    {
        if (!(await SettingsBody.ReadAsync(context, maxRequestBytes)).TryGetValue(out var settings, out var failure))
        {
            return failure;
        }

        var change = new LogChange();
        foreach (var (name, value) in settings)
        {
            if (change.Set(name, value) is { } wrong)
            {
                return wrong;
            }
        }

        return change;
    }

    private static async Task WriteAsync(HttpContext context, LogSettings settings)
    {
        context.Response.ContentType = MediaTypes.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString(LogChange.File, "");
        json.WriteBoolean(LogChange.Info, settings.Info);
        json.WriteBoolean(LogChange.Warning, settings.Warning);
        json.WriteBoolean(LogChange.Error, settings.Error);
        json.WriteNumber(LogChange.VerboseLevel, settings.VerboseLevel);
        json.WriteString(LogChange.Format, settings.Iso8601 ? LogChange.Iso8601Format : LogChange.DefaultFormat);
        json.WriteEndObject();
    }
}
