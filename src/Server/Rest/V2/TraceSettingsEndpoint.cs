using System.Globalization;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Rest.Http;
using Serving.Server.Tracing;

namespace Serving.Server.Rest.V2;

/// <summary>Triton's trace extension: everybody may read the settings, who may manage may change them.</summary>
internal sealed class TraceSettingsEndpoint(EngineDoor engine, TraceState state, ManagementGate gate, long maxRequestBytes)
{
    private const string Suffix = "/trace/setting";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/v2" + Suffix, ModelPath.Plain + Suffix])
        {
            routes.MapGet(path, GetAsync);
            routes.MapPost(path, UpdateAsync);
        }
    }

    private Task GetAsync(HttpContext context)
    {
        var model = ModelPath.Of(context).Model;
        return TraceRules.CheckModel(engine, model) is { } unknown
            ? ErrorResponse.WriteAsync(context, unknown)
            : WriteAsync(context, state.Get(model));
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var model = ModelPath.Of(context).Model;
        var failure = gate.Check(context) ?? TraceRules.CheckModel(engine, model);
        if (failure is null && (await ReadAsync(context)).TryGetValue(out var change, out failure)
            && state.Update(model, change).TryGetValue(out var settings, out failure))
        {
            await WriteAsync(context, settings);
            return;
        }

        await ErrorResponse.WriteAsync(context, failure);
    }

    private async ValueTask<Outcome<TraceChange>> ReadAsync(HttpContext context)
    {
        if (!(await SettingsBody.ReadAsync(context, maxRequestBytes)).TryGetValue(out var settings, out var failure))
        {
            return failure;
        }

        var change = new TraceChange(state.Directory);
        foreach (var (name, value) in settings)
        {
            if (change.Set(name, ToTexts(value)) is { } wrong)
            {
                return wrong;
            }
        }

        return change;
    }

    /// <summary>Triton has texts for everything; a number says the same.</summary>
    private static IReadOnlyList<string> ToTexts(object? value) => value switch
    {
        null => [],
        object?[] several => [.. several.SelectMany(ToTexts)],
        _ => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
    };

    private static async Task WriteAsync(HttpContext context, TraceSettings settings)
    {
        context.Response.ContentType = MediaTypes.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        foreach (var (name, value) in TraceRules.Describe(settings))
        {
            if (name == TraceChange.Level)
            {
                json.WriteStartArray(name);
                json.WriteStringValue(value);
                json.WriteEndArray();
            }
            else
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    }
}
