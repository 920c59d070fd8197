using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>The model and version that a path names.</summary>
/// <param name="Model">The model, unquoted.</param>
/// <param name="Version">The version; null where the path names none.</param>
internal readonly record struct ModelPath(string Model, string? Version)
{
    public const string Plain = "/v2/models/{model}";
    public const string WithVersion = "/v2/models/{model}/versions/{version}";

    public static ModelPath Of(HttpContext context) => new(RouteNames.Find(context, "model") ?? "", context.GetRouteValue("version") as string);
}
