using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V1;

/// <summary>The model and version that a path names.</summary>
/// <param name="Model">The model, unquoted.</param>
/// <param name="Version">The version or its label; null where the path names none.</param>
internal readonly record struct V1Path(string Model, string? Version)
{
    public const string Models = "/v1/models";
    public const string Plain = Models + "/{model}";
    public const string WithVersion = Plain + "/versions/{version}";
    public const string WithLabel = Plain + "/labels/{label}";

    /// <summary>Every way to name a model.</summary>
    public static IReadOnlyList<string> All { get; } = [Plain, WithVersion, WithLabel];

    public static V1Path Of(HttpContext context) => new(
        RouteNames.Find(context, "model") ?? "",
        RouteNames.Find(context, "version") ?? RouteNames.Find(context, "label"));
}
