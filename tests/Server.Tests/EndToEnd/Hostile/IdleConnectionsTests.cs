using System.Globalization;
using System.Net.Sockets;

namespace Serving.Server.Tests.EndToEnd.Hostile;

/// <summary>Connections that are opened and then do nothing. The server and its clients are two processes: each has its own limit of files.</summary>
[Collection(HostileCollection.Name)]
public sealed class IdleConnectionsTests
{
    /// <summary>What each may cost, in the server's resident memory; docs/operations.md says so too.</summary>
    private const int MostBytesEach = 32 * 1024;

    private static readonly int Count = int.Parse(
        Environment.GetEnvironmentVariable("SERVING_TEST_IDLE_CONNECTIONS") ?? "10000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Idle_Thousands_CostLittleAndSlowNothing()
    {
        using var server = await AttackedServer.StartAsync("30s");
        var before = await server.MedianAsync();
        var residentBefore = server.ResidentBytes();
        var connections = new List<TcpClient>(Count);
        try
        {
            for (var i = 0; i < Count; i++)
            {
                connections.Add(await AttackedServer.ConnectAsync(i % 2 == 0 ? server.Rest : server.Grpc));
            }

            await AttackedServer.UntilAsync(server.ConnectionsAsync, open => open >= Count, "open connections");
            var now = await server.MedianAsync();
            var each = (server.ResidentBytes() - residentBefore) / Count;

            Assert.True(now < (before * 5) + TimeSpan.FromMilliseconds(20), string.Create(CultureInfo.InvariantCulture, $"inference took {before} before and {now} now"));
            Assert.True(each < MostBytesEach, string.Create(CultureInfo.InvariantCulture, $"a connection costs {each} bytes"));
            Assert.Equal(0, await server.RentedAsync());
        }
        finally
        {
            connections.ForEach(client => client.Dispose());
        }

        await AttackedServer.UntilAsync(server.ConnectionsAsync, open => open < 10, "open connections");
    }
}
