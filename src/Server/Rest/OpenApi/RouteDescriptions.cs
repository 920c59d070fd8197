using System.Collections.Frozen;

namespace Serving.Server.Rest.OpenApi;

/// <summary>Every REST route, described. A test compares them with those that are mapped.</summary>
internal static class RouteDescriptions
{
    private const string Version = "/versions/{version}";

    private static readonly FrozenDictionary<string, RouteDescription> ByRoute = new Dictionary<string, RouteDescription>
    {
        ["GET /v2"] = new("server", "Name, version and extensions of the server", Response: "ServerMetadata"),
        ["GET /v2/health/live"] = new("server", "Whether the process answers", Response: "Health"),
        ["GET /v2/health/ready"] = new("server", "Whether requests are taken; 400 where not", Response: "Health"),
        ["GET /livez"] = new("server", "Whether the process answers", Response: "Health"),
        ["GET /readyz"] = new("server", "Whether requests are taken; 503 where not", Response: "Health"),
        ["GET /openapi.json"] = new("server", "This document", Response: "Object"),
        ["GET /v2/models/{model}"] = new("models", "Inputs, outputs and versions", Response: "ModelMetadata"),
        ["GET /v2/models/{model}/ready"] = new("models", "Whether the model takes requests; 400 where not", Response: "ModelReady"),
        ["GET /v2/models/{model}/status"] = new("models", "Provider, batching and its evidence, warnings", Response: "List"),
        ["POST /v2/models/{model}/infer"] = new("models", "Inference", "InferRequest", "InferResponse"),
        ["POST /v2/repository/index"] = new("repository", "Every model version with its state", "IndexRequest", "Index"),
        ["POST /v2/repository/models/{model}/load"] = new("repository", "Loads or reloads a model", "Object"),
        ["POST /v2/repository/models/{model}/unload"] = new("repository", "Takes a model out of service", "Object"),
        ["POST /v2/repository/{repository}/index"] = new("repository", "Refused: repositories have no names", "Object"),
        ["POST /v2/repository/{repository}/models/{model}/load"] = new("repository", "Refused: repositories have no names", "Object"),
        ["POST /v2/repository/{repository}/models/{model}/unload"] = new("repository", "Refused: repositories have no names", "Object"),
    }.ToFrozenDictionary();

    /// <summary>What a route is; null for one that is not described. With a version in its path it is the same.</summary>
    public static RouteDescription? Find(string verb, string path) =>
        ByRoute.GetValueOrDefault($"{verb} {path.Replace(Version, "", StringComparison.Ordinal)}");
}
