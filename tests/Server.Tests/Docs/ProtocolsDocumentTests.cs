using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serving.Runtime.Inference;
using Serving.Server.Errors;
using Serving.TestKit.Source;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Docs;

/// <summary>docs/protocols.md against the code.</summary>
public sealed class ProtocolsDocumentTests
{
    private static readonly string Document = SourceTree.Read("docs/protocols.md");

    [Fact]
    public void Failures_Table_IsThatOfTheCode() => Assert.Equal(
        Enum.GetValues<InferenceError>().Select(error => (error.ToString(), ErrorTable.ToHttpStatus(error), Regex.Replace(ErrorTable.ToGrpcStatus(error).ToString(), "(?<=[a-z])(?=[A-Z])", "_").ToUpperInvariant())),
        MarkdownTable.Read(Document, "Failure").Select(cells => (cells[0], int.Parse(cells[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), cells[2])));

    [Fact]
    public async Task Routes_Table_NamesEveryRoute()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, waitUntilReady: false);
        var routes = server.Services.GetServices<EndpointDataSource>().Concat(((IEndpointRouteBuilder)server.App).DataSources)
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => (path.StartsWith("/v2", StringComparison.Ordinal) || path.EndsWith('z')) && !path.Contains("{repository}", StringComparison.Ordinal))
            .Select(path => path.Replace("/versions/{version}", "", StringComparison.Ordinal).Replace("/models/{model}/unload", "/models/{model}/load", StringComparison.Ordinal))
            .Distinct()
            .ToList();
        var documented = Document.Replace("[/versions/{version}]", "", StringComparison.Ordinal);
        Assert.True(routes.Count > 8, string.Join(' ', routes));
        Assert.All(routes, route => Assert.Contains($"{route}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rpcs_Table_NamesThoseThatWorkAndNoOthers()
    {
        await using var server = await RunningServer.StartAsync(options => options.AllowSharedMemory = true, waitUntilReady: false);
        var row = MarkdownTable.Read(Document, "Service").Single(cells => cells[0].Contains("GRPCInferenceService", StringComparison.Ordinal));
        var declared = Contracts.Inference.GrpcServiceReflection.Descriptor.Services.Single().Methods.Select(method => method.Name);
        using var client = new Grpc.GrpcTestClient(server.GrpcAddress);
        var working = new List<string>();
        foreach (var rpc in declared)
        {
            var reply = await client.CallAsync($"/inference.GRPCInferenceService/{rpc}", new Google.Protobuf.WellKnownTypes.Empty());
            working.AddRange(reply.Status == (int)Server.Grpc.Protocol.StatusCode.Unimplemented ? [] : [rpc]);
        }

        Assert.Equal(working.Order(), row[1].Split(", ").Order());
    }
}
