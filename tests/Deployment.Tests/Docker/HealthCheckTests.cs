using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Docker;

/// <summary>Runs the images' health check, as it stands in the Dockerfiles, against servers that are well, ill and gone.</summary>
public sealed class HealthCheckTests
{
    public static TheoryData<string> Names => ["Dockerfile", "Dockerfile.cuda"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_ServerReady_Succeeds(string name)
    {
        using var server = new OneAnswerServer(200);

        var result = await RunAsync(name, server.Port);

        Assert.Equal("", result.Succeeded());
        Assert.Equal("GET /readyz HTTP/1.1", await server.Request.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_ServerNotReady_Fails(string name)
    {
        using var server = new OneAnswerServer(503);

        Assert.Equal(1, (await RunAsync(name, server.Port)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_NobodyListens_Fails(string name)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Equal(1, (await RunAsync(name, port)).ExitCode);
    }

    private static Task<ToolResult> RunAsync(string name, int port)
    {
        var check = Assert.Single(Dockerfile.Read(name).InImage("HEALTHCHECK"));
        var command = JsonSerializer.Deserialize<string[]>(check[check.IndexOf('[', StringComparison.Ordinal)..])!;
        return Tool.RunAsync(command[0], [.. command[1..].Select(part => part.Replace("/8002", $"/{port}", StringComparison.Ordinal))]);
    }
}
