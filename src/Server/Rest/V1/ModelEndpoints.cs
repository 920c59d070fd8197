using Serving.Contracts.Rest;
using Serving.Runtime.Models;
using Serving.Server.Errors;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V1;

/// <summary>
/// Which models there are, and how they are. The list and the plain path belong to OpenAI, TensorFlow Serving and KServe at once
/// and answer the union of their fields (docs/decisions/0007); the path of a version is TensorFlow Serving's alone.
/// </summary>
internal sealed class ModelEndpoints(EngineDoor engine, DateTimeOffset started)
{
    private const string Owner = "serving";

    private readonly long _created = started.ToUnixTimeSeconds();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(V1Path.Models, List);
        routes.MapGet(V1Path.Plain, GetModel);
        routes.MapGet(V1Path.WithVersion, GetVersion);
        routes.MapGet(V1Path.WithLabel, GetVersion);
    }

    private static ModelVersionBody ToBody(ModelDetails version) => new(
        version.Version.Length > 0 ? version.Version : "0",
        version.State switch
        {
            ModelState.Ready => "AVAILABLE",
            ModelState.Loading => "LOADING",
            ModelState.Unloading => "UNLOADING",
            ModelState.Unavailable => "END",
            _ => "UNKNOWN",
        },
        new ModelVersionHealthBody(version.State == ModelState.Unavailable ? "UNAVAILABLE" : "OK", version.Reason));

    private Task List(HttpContext context)
    {
        string[] names = [.. engine.GetIndex(true).Select(model => model.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
        var body = new ModelListBody("list", [.. names.Select(name => new ListedModelBody(name, "model", _created, Owner))], names);
        return context.Response.WriteAsJsonAsync(body, RestJsonContext.Default.ModelListBody, MediaTypes.Json);
    }

    private Task GetModel(HttpContext context)
    {
        var model = V1Path.Of(context).Model;
        if (!engine.GetDetails(model, null).TryGetValue(out var versions, out var unknown))
        {
            return ErrorResponse.WriteAsync(context, unknown);
        }

        var notReady = engine.CheckReady(model, null);
        var name = versions[0].Name;
        var body = new ModelBody(
            name, "model", _created, Owner, name, notReady is null, [.. versions.Select(ToBody)], notReady?.Message);
        context.Response.StatusCode = notReady is null ? StatusCodes.Status200OK : ErrorTable.ToHttpStatus(notReady.Error);
        return context.Response.WriteAsJsonAsync(body, RestJsonContext.Default.ModelBody, MediaTypes.Json);
    }

    private Task GetVersion(HttpContext context)
    {
        var path = V1Path.Of(context);
        return engine.GetDetails(path.Model, path.Version).TryGetValue(out var versions, out var unknown)
            ? context.Response.WriteAsJsonAsync(
                new ModelVersionsBody([.. versions.Select(ToBody)]), RestJsonContext.Default.ModelVersionsBody, MediaTypes.Json)
            : ErrorResponse.WriteAsync(context, unknown);
    }
}
