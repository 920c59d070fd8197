using System.Security.Cryptography;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Tls;

/// <summary>What the server says at its start about TLS options that cannot work.</summary>
public sealed class TlsOptionsTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public TlsOptionsTests() => _folder.Issue("server");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_CertificateKeyAndCa_AreValid() =>
        Assert.Empty(Validate(options => options.TlsClientCa = _folder.Ca));

    [Fact]
    public void Validate_NoCertificate_NamesEveryOptionThatNeedsOne()
    {
        var errors = ServingOptionsValidator.Validate(new ServingOptions { TlsKey = "a", TlsClientCa = "b", MetricsTls = true });

        Assert.Equal(
            ["--tls-key (Serving__TlsKey)", "--tls-client-ca (Serving__TlsClientCa)", "--metrics-tls (Serving__MetricsTls)"],
            errors.Select(error => error[..error.IndexOf(" needs --tls-certificate (Serving__TlsCertificate) as well", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Validate_KeyMissingFromTheCertificatesFile_SaysSo() => Assert.Equal(
        [$"--tls-certificate (Serving__TlsCertificate): '{_folder.Certificate}' has no private key; '-----BEGIN PRIVATE KEY-----' is expected (PEM)."],
        Validate(options => options.TlsKey = null));

    [Fact]
    public void Validate_EncryptedKey_SaysThatNobodyCanTypeThePassword()
    {
        using var key = ECDsa.Create();
        File.WriteAllText(_folder.Key, key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));

        Assert.Contains("--tls-key (Serving__TlsKey)", Assert.Single(Validate(_ => { })), StringComparison.Ordinal);
        Assert.Contains("is encrypted", Assert.Single(Validate(_ => { })), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CaWithoutACertificate_NamesIt() => Assert.Contains(
        $"--tls-client-ca (Serving__TlsClientCa): '{_folder.Key}' has no certificate",
        Assert.Single(Validate(options => options.TlsClientCa = _folder.Key)),
        StringComparison.Ordinal);

    private IReadOnlyList<string> Validate(Action<ServingOptions> change)
    {
        var options = new ServingOptions();
        _folder.Secure(options);
        change(options);
        return ServingOptionsValidator.Validate(options);
    }
}
