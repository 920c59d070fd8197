using Serving.Server.Tests.Grpc;
using Serving.TestKit;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>The whole zoo in one server from one folder, as users would serve it: every reference case over every protocol.</summary>
public sealed class ZooEndToEndTests
{
    private const int Clients = 8;

    [Fact]
    public async Task Zoo_EveryCaseOverEveryProtocol_AnsweredAsReference()
    {
        await using var server = await RunningServer.StartAsync(Zoo.Root);
        using var grpc = new GrpcTestClient(server.GrpcAddress);
        foreach (var call in Protocols(server, grpc))
        {
            foreach (var (model, zooCase) in AllCases())
            {
                Assert.Empty(await call(model, zooCase));
            }
        }
    }

    [Fact]
    public async Task Zoo_EightClientsOverEveryProtocolAtOnce_AnsweredAsReference()
    {
        await using var server = await RunningServer.StartAsync(Zoo.Root);
        using var grpc = new GrpcTestClient(server.GrpcAddress);
        var protocols = Protocols(server, grpc);

        // The clients walk the cases in step, so that the same model's requests of all protocols meet in a batch.
        var clients = Enumerable.Range(0, Clients).Select(async client =>
        {
            var differences = new List<string>();
            foreach (var (model, zooCase) in AllCases())
            {
                differences.AddRange(await protocols[client % protocols.Length](model, zooCase));
            }

            return differences;
        });
        Assert.Empty((await Task.WhenAll(clients)).SelectMany(differences => differences));
    }

    private static Func<string, ZooCase, Task<IReadOnlyList<string>>>[] Protocols(RunningServer server, GrpcTestClient grpc)
    {
        var rest = new ZooRestCalls(server.Http);
        return [rest.AsJsonAsync, rest.AsBinaryAsync, new ZooGrpcCalls(grpc).AsRawAsync];
    }

    private static IEnumerable<(string Model, ZooCase Case)> AllCases() =>
        from model in Zoo.Models.Keys.Order()
        from zooCase in Zoo.Cases(model)
        select (model, zooCase);
}
