using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.OpenApi;

/// <summary>
/// Makes an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0) of the described routes, and for every model that
/// is ready a path of its own whose schema knows the model's tensors.
/// </summary>
internal sealed class OpenApiDocument(EngineDoor engine, IReadOnlyList<Endpoint> endpoints)
{
    public JsonObject ToJson()
    {
        var schemas = ReadShared();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Serving",
                ["version"] = ProductInfo.Version,
                ["description"] = "Inference over REST. The same models answer over gRPC.",
            },
            ["paths"] = Paths(schemas),
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject ReadShared()
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi-schemas.json")!;
        return JsonSerializer.Deserialize(stream, OpenApiJsonContext.Default.JsonObject)!;
    }

    private JsonObject Paths(JsonObject schemas)
    {
        var paths = new JsonObject();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var verb = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? HttpMethods.Get;
            if (RouteDescriptions.Find(verb, path) is { } description)
            {
                Add(paths, path, verb, Operation(description, endpoint.RoutePattern));
            }
        }

        foreach (var name in engine.GetIndex(true).Select(model => model.Name).Distinct())
        {
            if (engine.GetMetadata(name, null).TryGetValue(out var metadata, out _))
            {
                var description = new RouteDescription("models", $"Inference with {name}", $"{name}.Request", $"{name}.Response");
                schemas[description.Request!] = ModelSchemas.Request(metadata);
                schemas[description.Response!] = ModelSchemas.Response(metadata);
                Add(paths, $"/v2/models/{Uri.EscapeDataString(name)}/infer", HttpMethods.Post, Operation(description, null));
            }
        }

        return paths;
    }

    private static void Add(JsonObject paths, string path, string verb, JsonObject operation)
    {
        if (paths[path] is not JsonObject item)
        {
            paths[path] = item = [];
        }

        item[verb.ToLowerInvariant()] = operation;
    }

    private static JsonObject Operation(RouteDescription description, RoutePattern? pattern)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(description.Tag),
            ["summary"] = description.Summary,
        };
        if (pattern is { Parameters.Count: > 0 })
        {
            operation["parameters"] = new JsonArray([.. pattern.Parameters.Select(p => new JsonObject
            {
                ["name"] = p.Name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            })]);
        }

        if (description.Request is { } request)
        {
            operation["requestBody"] = Content(request);
        }

        var success = description.Response is { } response ? Content(response) : [];
        success["description"] = "done";
        var error = Content("Error");
        error["description"] = "not done, and why";
        operation["responses"] = new JsonObject { ["200"] = success, ["default"] = error };
        return operation;
    }

    private static JsonObject Content(string schema) => new()
    {
        ["content"] = new JsonObject { [MediaTypes.Json] = new JsonObject { ["schema"] = ModelSchemas.Reference(schema) } },
    };
}
