using System.Net.Sockets;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serving.Server.Hosting;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting;

public sealed class PortsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Metrics_OnItsPort_AreAllThatIsAnsweredBesidesProbes()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, Echo);
        foreach (var probe in (string[])["livez", "readyz"])
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, new Uri(server.MetricsAddress, probe), HttpVersion.Version11)).StatusCode);
        }

        var metrics = await GetAsync(server, new Uri(server.MetricsAddress, "metrics"), HttpVersion.Version11);
        var other = await GetAsync(server, new Uri(server.MetricsAddress, "test/protocol"), HttpVersion.Version11);
        var onRest = await GetAsync(server, new Uri(server.HttpAddress, "metrics"), HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal("""{"error":"Not Found"}""", await other.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, onRest.StatusCode);
    }

    [Fact]
    public async Task Metrics_Post_IsNotAllowed()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.Http.PostAsync(new Uri(server.MetricsAddress, "metrics"), null).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task RestPort_BothVersions_AreAnswered()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, Echo);
        var address = new Uri(server.HttpAddress, "test/protocol");

        Assert.Equal("HTTP/1.1 http", await (await GetAsync(server, address, HttpVersion.Version11)).Content.ReadAsStringAsync());
        Assert.Equal("HTTP/2 http", await (await GetAsync(server, address, HttpVersion.Version20)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task GrpcPort_PriorKnowledge_IsAnswered()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, Echo);

        Assert.Equal("HTTP/2 http", await server.Http2.GetStringAsync("test/protocol").WaitAsync(Patience));
    }

    [Fact]
    public async Task OnePort_Everything_IsAnsweredThere()
    {
        await using var server = await RunningServer.StartAsync(options => options.Port = 0, Echo);

        Assert.Equal(server.HttpAddress, server.GrpcAddress);
        Assert.Equal(server.HttpAddress, server.MetricsAddress);
        Assert.Equal("HTTP/1.1 http", await server.Http.GetStringAsync("test/protocol").WaitAsync(Patience));
        Assert.Equal("HTTP/2 http", await server.Http2.GetStringAsync("test/protocol").WaitAsync(Patience));
        Assert.Contains("serving_build_info", await server.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /test/protocol HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 http")]
    [InlineData("P", null)]
    [InlineData("PRI * HTTP", null)]
    [InlineData("PUT /test/protocol HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("PRI * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nnonsense, not frames", null)]
    public async Task RestPort_ByteByByte_IsUnderstoodOrClosed(string sent, string? expected)
    {
        await using var server = await RunningServer.StartAsync(_ => { }, Echo);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.HttpAddress.Host, server.HttpAddress.Port).WaitAsync(Patience);
        var stream = client.GetStream();

        foreach (var letter in Encoding.ASCII.GetBytes(sent))
        {
            await stream.WriteAsync(new[] { letter });
        }

        if (expected is null)
        {
            // Only where no answer is awaited: to Kestrel a client that says it is done is a client that is gone.
            client.Client.Shutdown(SocketShutdown.Send);
        }

        var answer = await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync().WaitAsync(Patience);
        Assert.Contains(expected ?? string.Empty, answer, StringComparison.Ordinal);
        Assert.Equal("HTTP/1.1 http", await server.Http.GetStringAsync("test/protocol").WaitAsync(Patience));
    }

    [Fact]
    public async Task Stop_SilentConnection_DoesNotHoldItUp()
    {
        await using var server = await RunningServer.StartAsync(options => options.DrainTimeout = TimeSpan.FromMinutes(5));
        using var client = new TcpClient();
        await client.ConnectAsync(server.HttpAddress.Host, server.HttpAddress.Port).WaitAsync(Patience);

        await server.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Kestrel_Limits_AreThoseOfTheOptions()
    {
        await using var server = await RunningServer.StartAsync(options => options.MaxRequestBytes = 2048, Echo);

        using var large = await server.Http.PostAsync("/test/body", new ByteArrayContent(new byte[2049])).WaitAsync(Patience);
        using var fits = await server.Http.PostAsync("/test/body", new ByteArrayContent(new byte[2048])).WaitAsync(Patience);

        server.Logs.Expect("Request body too large");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal("2048", await fits.Content.ReadAsStringAsync());
        Assert.False(fits.Headers.Contains("Server"));
    }

    [Fact]
    public async Task MaxConnections_PortFull_RefusesMoreAndNoOtherPort()
    {
        await using var server = await RunningServer.StartAsync(options => options.MaxConnections = 2, Echo);
        using var first = await ConnectAsync(server);
        using var second = await ConnectAsync(server);

        // Answered, so that both are counted before the third comes.
        Assert.True(await IsAnsweredAsync(first));
        Assert.True(await IsAnsweredAsync(second));
        Assert.False(await IsAnsweredAsync(server));

        Assert.Contains("serving_build_info", await server.ScrapeAsync(), StringComparison.Ordinal);
        Assert.Single(server.Logs.Entries, entry => entry.Id.Id == 1007 && entry.Message.Contains("--http-port", StringComparison.Ordinal));

        first.Dispose();
        using var deadline = new CancellationTokenSource(Patience);
        var answered = false;
        while (!answered)
        {
            deadline.Token.ThrowIfCancellationRequested();
            answered = await IsAnsweredAsync(server);
        }
    }

    [Fact]
    public async Task GrpcPort_BodyOfManyWindows_Arrives()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, Echo);

        using var answer = await server.Http2.PostAsync("/test/body", new ByteArrayContent(new byte[100 * 1024 * 1024])).WaitAsync(Patience);

        Assert.Equal("104857600", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Start_PortInUse_IsASentenceThatNamesTheOption()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var options = new ServingOptions { HttpPort = 0, GrpcPort = port, MetricsPort = 0, LogLevel = LogLevel.None };
        await using var app = ServingHost.Build(options);

        var exception = await Assert.ThrowsAsync<IOException>(() => app.StartAsync().WaitAsync(Patience));

        Assert.Equal(
            $"Port {port} is in use by another program; choose another with --grpc-port (Serving__GrpcPort), or 0 for any free one.",
            StartFailure.Explain(exception, options, app.Services.GetRequiredService<Listeners>()));
    }

    [Fact]
    public async Task Explain_AddressOfAnotherMachine_NamesTheHost()
    {
        // An address of the block for documentation, which no machine has.
        var options = new ServingOptions { Host = "192.0.2.1", Port = 0, LogLevel = LogLevel.None };
        await using var app = ServingHost.Build(options);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync().WaitAsync(Patience));

        var sentence = StartFailure.Explain(exception, options, app.Services.GetRequiredService<Listeners>());
        Assert.StartsWith("No network interface of this machine has the address 192.0.2.1; choose another with --host", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AnythingElse_HasNoSentence()
    {
        var listeners = new Listeners(Microsoft.Extensions.Options.Options.Create(new ServingOptions()));

        Assert.Null(StartFailure.Explain(new InvalidOperationException("a bug"), new ServingOptions(), listeners));
    }

    private static async Task<TcpClient> ConnectAsync(RunningServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.HttpAddress.Host, server.HttpAddress.Port).WaitAsync(Patience);
        return client;
    }

    /// <summary>Whether a request over a new connection is answered; one that is refused may be reset before it is made.</summary>
    private static async Task<bool> IsAnsweredAsync(RunningServer server)
    {
        try
        {
            using var client = await ConnectAsync(server);
            return await IsAnsweredAsync(client);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether a request is answered; else the connection was closed.</summary>
    private static async Task<bool> IsAnsweredAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync("GET /test/protocol HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Echo(WebApplication app)
    {
        app.MapGet("/test/protocol", (HttpContext context) => $"{context.Request.Protocol} {context.Request.Scheme}");
        app.MapPost("/test/body", async (HttpContext context) =>
        {
            var buffer = new byte[1 << 20];
            var total = 0L;
            for (var read = 1; read > 0; total += read)
            {
                read = await context.Request.Body.ReadAsync(buffer);
            }

            return total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
    }

    private static Task<HttpResponseMessage> GetAsync(RunningServer server, Uri address, Version version) => server.Http
        .SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact })
        .WaitAsync(Patience);
}
