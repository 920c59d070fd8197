using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Hosting;

/// <summary>The process from outside: exit codes, signals, what it prints.</summary>
public sealed partial class ServerProcessTests
{
    private const int KilledBySigterm = 128 + 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_BadOptions_ExitsWithAllReasonsAndNoStackTrace()
    {
        using var server = ChildServer.Start(new Dictionary<string, string> { ["Serving__DrainDelay"] = "soon" }, "--http-port", "x", "--repository", "/no/such");

        var (code, output, error) = await server.EndAsync();

        Assert.Equal(ExitCode.BadOptions, code);
        Assert.Empty(output);
        Assert.Contains("for 3 reasons:", error, StringComparison.Ordinal);
        Assert.Contains("--http-port: 'x' is not a whole number.", error, StringComparison.Ordinal);
        Assert.Contains("Serving__DrainDelay: 'soon' is not a duration", error, StringComparison.Ordinal);
        Assert.Contains("'/no/such' does not exist", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortInUse_ExitsWithOneSentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var server = ChildServer.Start("--port", $"{port}");

        var (code, output, error) = await server.EndAsync();

        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        Assert.Equal(
            $"The server was not started: Port {port} is in use by another program; choose another with --port (Serving__Port), or 0 for any free one.",
            error.Trim());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Run_Signal_EndsWithSuccess(string signal)
    {
        using var server = ChildServer.Start("--port", "0");
        await server.ReadAddressAsync();

        await server.SignalAsync(signal);

        Assert.Equal(ExitCode.Success, (await server.EndAsync(Patience)).Code);
    }

    [Fact]
    public async Task Run_SignalDuringARequest_AnswersItFirst()
    {
        using var server = ChildServer.Start("--port", "0");
        var address = await server.ReadAddressAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port).WaitAsync(Patience);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        await stream.WriteAsync("POST /v2/repository/index HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync().WaitAsync(Patience));

        await server.SignalAsync("TERM");
        await server.ReadAsync(NoNewConnections());
        await stream.WriteAsync("{}"u8.ToArray());

        Assert.Contains("HTTP/1.1 200 OK", await reader.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, (await server.EndAsync(Patience)).Code);
    }

    [Fact]
    public async Task Run_SignalWithDelay_ServesUntilASecondSignalEndsItAtOnce()
    {
        using var server = ChildServer.Start("--port", "0", "--drain-delay", "10m");
        var address = await server.ReadAddressAsync();

        await server.SignalAsync("TERM");
        await server.ReadAsync(StillServing());
        using var client = new HttpClient();
        Assert.Contains("serving_build_info", await client.GetStringAsync(new Uri(address, "metrics")).WaitAsync(Patience), StringComparison.Ordinal);

        await server.SignalAsync("TERM");
        Assert.Equal(KilledBySigterm, (await server.EndAsync(Patience)).Code);
    }

    [Fact]
    public async Task Run_Environment_IsReadAndTheCommandLineWins()
    {
        using var server = ChildServer.Start(
            new Dictionary<string, string> { ["Serving__Port"] = "70000", ["Serving__Host"] = "localhost", ["ASPNETCORE_URLS"] = "http://*:1" }, "--port", "0");

        var address = await server.ReadAddressAsync();

        Assert.Equal("127.0.0.1", address.Host);
    }

    [Fact]
    public async Task Run_JsonLogs_WritesNothingElse()
    {
        using var server = ChildServer.Start("--port", "0", "--log-format", "json");
        var first = await server.ReadAsync(AnyLine());
        using var entry = JsonDocument.Parse(first.Value);
        await server.SignalAsync("TERM");
        var (code, output, _) = await server.EndAsync(Patience);

        Assert.Equal(ExitCode.Success, code);
        Assert.StartsWith("http://127.0.0.1:", entry.RootElement.GetProperty("State").GetProperty("Rest").GetString(), StringComparison.Ordinal);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    [GeneratedRegex("still serving for 00:10:00")]
    private static partial Regex StillServing();

    [GeneratedRegex("No new connections")]
    private static partial Regex NoNewConnections();

    [GeneratedRegex("^.+$")]
    private static partial Regex AnyLine();
}
