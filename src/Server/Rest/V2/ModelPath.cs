namespace Serving.Server.Rest.V2;

/// <summary>The model and version that a path names.</summary>
/// <param name="Model">The model, unquoted.</param>
/// <param name="Version">The version; null where the path names none.</param>
internal readonly record struct ModelPath(string Model, string? Version)
{
    public const string Plain = "/v2/models/{model}";
    public const string WithVersion = "/v2/models/{model}/versions/{version}";

    public static ModelPath Of(HttpContext context) => new(Unquote(context.GetRouteValue("model")), context.GetRouteValue("version") as string);

    /// <summary>Kestrel unquotes everything but slashes, which would look like the path's own.</summary>
    private static string Unquote(object? value) => ((string?)value ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
