using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting.Tls;

/// <summary>The real server with certificates, and clients that check them.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CertificateFolder _folder = new();

    public TlsTests() => _folder.Issue("first");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task RestPort_Alpn_ChoosesTheVersion(string version)
    {
        await using var server = await RunningServer.StartAsync(_folder.Secure);
        using var client = _folder.Connect(server.HttpAddress);

        using var answer = await GetAsync(client, "/v2", Version.Parse(version));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("https", server.HttpAddress.Scheme);
    }

    [Theory]
    [InlineData(true, "h2")]
    [InlineData(false, "h2", "http/1.1")]
    public async Task Alpn_ClientOffersAll_PortTakesWhatItSpeaks(bool grpc, params string[] spoken)
    {
        await using var server = await RunningServer.StartAsync(_folder.Secure);
        foreach (var offered in (SslApplicationProtocol[])[SslApplicationProtocol.Http2, SslApplicationProtocol.Http11])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, (grpc ? server.GrpcAddress : server.HttpAddress).Port).WaitAsync(Patience);
            await using var secure = new SslStream(client.GetStream());
            var handshake = secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                ApplicationProtocols = [offered],
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });

            if (spoken.Contains(offered.ToString()))
            {
                await handshake.WaitAsync(Patience);
                Assert.Equal(offered, secure.NegotiatedApplicationProtocol);
            }
            else
            {
                await Assert.ThrowsAnyAsync<Exception>(() => handshake.WaitAsync(Patience));
            }
        }
    }

    [Fact]
    public async Task OnePort_Everything_IsAnsweredOverTls()
    {
        await using var server = await RunningServer.StartAsync(options =>
        {
            _folder.Secure(options);
            options.Port = 0;
        });
        using var client = _folder.Connect(server.HttpAddress);

        Assert.Equal("https", server.MetricsAddress.Scheme);
        Assert.Contains("serving_build_info", await client.GetStringAsync("/metrics").WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Contains("serving", await client.GetStringAsync("/v2").WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal("0", await CheckHealthAsync(client));
    }

    [Fact]
    public async Task GrpcPort_Tls_AnswersCalls()
    {
        await using var server = await RunningServer.StartAsync(_folder.Secure);
        using var client = _folder.Connect(server.GrpcAddress);

        Assert.Equal("0", await CheckHealthAsync(client));
    }

    [Theory]
    [InlineData(false, "http")]
    [InlineData(true, "https")]
    public async Task MetricsPort_Tls_IsForThoseWhoAsk(bool metricsTls, string scheme)
    {
        await using var server = await RunningServer.StartAsync(options =>
        {
            _folder.Secure(options);
            options.MetricsTls = metricsTls;
        });
        using var client = _folder.Connect(server.MetricsAddress);

        Assert.Equal(scheme, server.MetricsAddress.Scheme);
        Assert.Contains("serving_build_info", await client.GetStringAsync("/metrics").WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Contains("true", await client.GetStringAsync("/readyz").WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MutualTls_Clients_NeedACertificateOfTheRoot()
    {
        using var others = new CertificateFolder();
        using var own = _folder.Create("client");
        using var foreign = others.Create("client");
        await using var server = await RunningServer.StartAsync(options =>
        {
            _folder.Secure(options);
            options.TlsClientCa = _folder.Ca;
        });
        using var known = _folder.Connect(server.HttpAddress, own);
        using var knownToGrpc = _folder.Connect(server.GrpcAddress, own);
        using var stranger = _folder.Connect(server.HttpAddress, foreign);
        using var nobody = _folder.Connect(server.HttpAddress);
        using var probe = _folder.Connect(server.MetricsAddress);

        Assert.Contains("serving", await known.GetStringAsync("/v2").WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal("0", await CheckHealthAsync(knownToGrpc));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync("/v2").WaitAsync(Patience));
        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetStringAsync("/v2").WaitAsync(Patience));
        Assert.Contains("true", await probe.GetStringAsync("/livez").WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleartext_OnATlsPort_IsRefusedAndHarmsNobody()
    {
        await using var server = await RunningServer.StartAsync(_folder.Secure);
        using var plain = new HttpClient { BaseAddress = new UriBuilder(server.HttpAddress) { Scheme = "http" }.Uri };
        using var client = _folder.Connect(server.HttpAddress);

        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetStringAsync("/v2").WaitAsync(Patience));

        Assert.Contains("serving", await client.GetStringAsync("/v2").WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewed_LinkSwapped_NewConnectionsGetItAndOldOnesStay()
    {
        Directory.CreateDirectory(_folder.At("1"));
        Directory.CreateDirectory(_folder.At("2"));
        Directory.CreateSymbolicLink(_folder.At("current"), "1");
        var (certificate, key) = (Path.Combine("current", "tls.crt"), Path.Combine("current", "tls.key"));
        _folder.Issue("first", _folder.At(certificate), _folder.At(key));
        _folder.Issue("second", _folder.At("2/tls.crt"), _folder.At("2/tls.key"));
        await using var server = await RunningServer.StartAsync(options =>
        {
            options.TlsCertificate = _folder.At(certificate);
            options.TlsKey = _folder.At(key);
        });
        var seenByOld = new List<string>();
        using var old = _folder.Connect(server.HttpAddress, seen: seenByOld.Add);
        await old.GetStringAsync("/v2").WaitAsync(Patience);

        // As Kubernetes does it: the new link is made aside and renamed over the old one, which .NET does with no link to a folder.
        Directory.CreateSymbolicLink(_folder.At("next"), "2");
        using var move = Process.Start("mv", ["-fT", _folder.At("next"), _folder.At("current")]);
        await move.WaitForExitAsync().WaitAsync(Patience);

        using var deadline = new CancellationTokenSource(Patience);
        while (await SubjectAsync(server.HttpAddress) != "CN=second")
        {
            deadline.Token.ThrowIfCancellationRequested();
        }

        await old.GetStringAsync("/v2").WaitAsync(Patience);
        Assert.Equal(["CN=first"], seenByOld);
    }

    private async Task<string> SubjectAsync(Uri address)
    {
        var subject = "";
        using var client = _folder.Connect(address, seen: seen => subject = seen);
        await client.GetStringAsync("/v2").WaitAsync(Patience);
        return subject;
    }

    /// <summary>The status of a call of <c>grpc.health.v1.Health/Check</c> with an empty message.</summary>
    private static async Task<string> CheckHealthAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new("application/grpc") } },
        };
        using var answer = await client.SendAsync(request).WaitAsync(Patience);
        return answer.TrailingHeaders.GetValues("grpc-status").Single();
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path, Version version) => client
        .SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact })
        .WaitAsync(Patience);
}
