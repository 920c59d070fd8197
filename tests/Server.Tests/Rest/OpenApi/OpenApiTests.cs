using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Serving.Server.Rest.OpenApi;
using Serving.TestKit;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Rest.OpenApi;

/// <summary><c>/openapi.json</c> of a server with models of the zoo.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Text, a recurrent step and an encoder with a decoder: each can be asked with axes of extent 1.</summary>
    private static readonly string[] Models = ["albert-question-answering", "streaming-recurrent-step", "t5-conditional-generation"];

    private RunningServer _server = null!;
    private JsonObject _document = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync([.. Models.Select(model => Zoo.Models[model])]);
        _document = JsonNode.Parse(await _server.Http.GetStringAsync("/openapi.json").WaitAsync(Timeout))!.AsObject();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Paths_EveryRestRoute_IsDescribed()
    {
        var routes = ((IEndpointRouteBuilder)_server.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => (
                Path: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
                Verb: endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET"))
            .Where(route => !route.Path.Contains('.', StringComparison.Ordinal) || route.Path == "/openapi.json")
            .Where(route => !route.Path.StartsWith("/{service}", StringComparison.Ordinal))
            .ToList();
        Assert.True(routes.Count > 15);
        Assert.All(routes, route => Assert.True(
            _document["paths"]![route.Path]?[route.Verb.ToLowerInvariant()] is not null, $"{route} is missing in {nameof(RouteDescriptions)}"));
    }

    [Fact]
    public void References_All_LeadSomewhere()
    {
        var references = References(_document).ToList();
        Assert.True(references.Count > 50);
        Assert.All(references, reference =>
        {
            const string prefix = "#/components/schemas/";
            Assert.StartsWith(prefix, reference, StringComparison.Ordinal);
            Assert.NotNull(_document["components"]!["schemas"]![Uri.UnescapeDataString(reference[prefix.Length..])]);
        });
    }

    [Fact]
    public void Models_Schemas_HaveTheirTensors()
    {
        var tensors = _document["components"]!["schemas"]!["albert-question-answering.Request"]!["properties"]!["inputs"]!["items"]!["anyOf"]!.AsArray();
        Assert.Equal(["attention_mask", "input_ids"], tensors.Select(t => (string)t!["properties"]!["name"]!["const"]!).Order());
        Assert.All(tensors, t => Assert.Equal("INT64", (string)t!["properties"]!["datatype"]!["const"]!));
        Assert.All(tensors, t => Assert.Equal(2, (int)t!["properties"]!["shape"]!["maxItems"]!));
    }

    [Fact]
    public async Task Models_Examples_AreAnswered()
    {
        foreach (var model in Models)
        {
            var example = _document["components"]!["schemas"]![$"{model}.Request"]!["examples"]?[0];
            Assert.NotNull(example);
            using var content = new StringContent(example.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await _server.Http.PostAsync($"/v2/models/{model}/infer", content).WaitAsync(Timeout);
            var answer = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{model}: {answer}");
            using var json = JsonDocument.Parse(answer);
            var names = _document["components"]!["schemas"]![$"{model}.Response"]!["properties"]!["outputs"]!["items"]!["anyOf"]!.AsArray()
                .Select(t => (string?)t!["properties"]!["name"]!["const"]);
            Assert.Equal(names, json.RootElement.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()));
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Key == "$ref" ? [(string)m.Value!] : References(m.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
