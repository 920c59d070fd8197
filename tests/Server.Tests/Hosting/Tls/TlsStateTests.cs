using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Tls;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting.Tls;

/// <summary>What becomes of the files as they change, look by look.</summary>
public sealed class TlsStateTests : IDisposable
{
    private readonly CertificateFolder _folder = new();
    private readonly LogCapture _log = new();
    private readonly ServingOptions _options = new();

    public TlsStateTests()
    {
        _folder.Issue("first");
        _folder.Secure(_options);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LookAgain_NothingChanged_LogsNothing()
    {
        var state = Start();

        LookTwice(state);

        Assert.Equal("CN=first", Subject(state));
        Assert.Single(_log.Entries);
    }

    [Fact]
    public void LookAgain_NewCertificate_IsUsedFromTheSecondLookOn()
    {
        var state = Start();
        _folder.Issue("second");

        state.LookAgain();
        Assert.Equal("CN=first", Subject(state));

        state.LookAgain();
        Assert.Equal("CN=second", Subject(state));
        Assert.Contains(_log.Entries, entry => entry.Message.Contains("the certificate of CN=second, valid until", StringComparison.Ordinal));
    }

    [Fact]
    public void LookAgain_CertificateBeforeItsKey_IsWaitedForWithoutAWord()
    {
        var state = Start();
        _folder.Issue("second", _folder.At("new.crt"), _folder.At("new.key"));

        File.Copy(_folder.At("new.crt"), _folder.Certificate, overwrite: true);
        state.LookAgain();
        File.Copy(_folder.At("new.key"), _folder.Key, overwrite: true);
        LookTwice(state);

        Assert.Equal("CN=second", Subject(state));
        Assert.Empty(_log.Unexpected);
    }

    [Theory]
    [InlineData("nonsense", "has no certificate; '-----BEGIN CERTIFICATE-----' is expected (PEM)")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "has a certificate that cannot be read")]
    [InlineData(null, "cannot be read: there is no such file")]
    public void LookAgain_BrokenFile_IsToldOnceAndTheOldOneStays(string? content, string reason)
    {
        var state = Start();
        File.Delete(_folder.Certificate);
        if (content is not null)
        {
            File.WriteAllText(_folder.Certificate, content);
        }

        LookTwice(state);
        LookTwice(state);

        var error = Assert.Single(_log.Unexpected);
        Assert.Contains($"--tls-certificate (Serving__TlsCertificate): '{_folder.Certificate}' {reason}", error.Message, StringComparison.Ordinal);
        Assert.Equal("CN=first", Subject(state));
    }

    [Fact]
    public void LookAgain_BrokenFileRepaired_IsUsed()
    {
        var state = Start();
        File.WriteAllText(_folder.Key, "");
        LookTwice(state);

        _folder.Issue("second");
        LookTwice(state);

        Assert.Equal("CN=second", Subject(state));
        Assert.Contains("has no private key", Assert.Single(_log.Unexpected).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LookAgain_KeyOfAnother_IsRefused()
    {
        var state = Start();
        _folder.Issue("second", certificate: _folder.At("elsewhere.crt"));

        LookTwice(state);

        Assert.Contains("does not fit the first certificate", Assert.Single(_log.Unexpected).Message, StringComparison.Ordinal);
        Assert.Equal("CN=first", Subject(state));
    }

    [Fact]
    public void LookAgain_OldFilesBack_ChangesNothing()
    {
        var state = Start();
        var key = File.ReadAllText(_folder.Key);
        File.WriteAllText(_folder.Key, "");
        LookTwice(state);

        File.WriteAllText(_folder.Key, key);
        LookTwice(state);

        Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Information);
        Assert.Equal("CN=first", Subject(state));
    }

    [Fact]
    public void LookAgain_OtherClientCa_IsTrustedFromThenOn()
    {
        using var others = new CertificateFolder();
        _options.TlsClientCa = _folder.At("clients.crt");
        File.Copy(_folder.Ca, _options.TlsClientCa);
        var state = Start();

        File.Copy(others.Ca, _options.TlsClientCa, overwrite: true);
        LookTwice(state);

        using var root = X509CertificateLoader.LoadCertificateFromFile(others.Ca);
        Assert.Equal(root.Thumbprint, Assert.Single(state.CreateOptions().CertificateChainPolicy!.CustomTrustStore).Thumbprint);
    }

    [Fact]
    public void Start_CertificateThatHasEnded_IsUsedWithAWarning()
    {
        using var ended = _folder.Create("ended", validUntilDay: -1);
        File.WriteAllText(_folder.Certificate, ended.ExportCertificatePem() + "\n" + PrivateKey(ended));
        _options.TlsKey = null;

        Assert.Equal("CN=ended", Subject(Start()));

        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("not now", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateOptions_WithoutCertificate_IsABug()
    {
        _options.TlsCertificate = null;
        var state = Start();

        Assert.False(state.IsOn);
        Assert.Throws<InvalidOperationException>(state.CreateOptions);
    }

    private static void LookTwice(TlsState state)
    {
        state.LookAgain();
        state.LookAgain();
    }

    private static string Subject(TlsState state) => state.CreateOptions().ServerCertificateContext!.TargetCertificate.Subject;

    private static string PrivateKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private TlsState Start()
    {
        var factory = LoggerFactory.Create(logging => logging.AddProvider(_log));
        return new TlsState(Options.Create(_options), TimeProvider.System, factory.CreateLogger<TlsState>());
    }
}
