using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Hosting.Tls;

/// <summary>A certificate authority with a folder of what it issued, and clients that trust it and nobody else.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-tls-");
    private readonly X509Certificate2 _root;

    public CertificateFolder()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=root of the test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        File.WriteAllText(Ca, _root.ExportCertificatePem());
    }

    public string Ca => At("ca.crt");

    public string Certificate => At("tls.crt");

    public string Key => At("tls.key");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Options of a server with the certificate of this folder.</summary>
    public void Secure(ServingOptions options)
    {
        options.TlsCertificate = Certificate;
        options.TlsKey = Key;
    }

    /// <summary>Writes a new certificate with its key.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="certificate">Where it is written; <see cref="Certificate"/> where not said.</param>
    /// <param name="key">Where its key is written; <see cref="Key"/> where not said.</param>
    public void Issue(string name, string? certificate = null, string? key = null)
    {
        using var issued = Create(name);
        File.WriteAllText(certificate ?? Certificate, issued.ExportCertificatePem());
        using var privateKey = issued.GetECDsaPrivateKey()!;
        File.WriteAllText(key ?? Key, privateKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate for servers on this machine and for clients.</summary>
    public X509Certificate2 Create(string name, int validUntilDay = 20)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_root, Now.AddDays(-29), Now.AddDays(validUntilDay), Guid.NewGuid().ToByteArray());
        using var pair = issued.CopyWithPrivateKey(key);

        // Not every platform can use a key that was never stored.
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>A client that trusts the authority and shows a certificate, if it has one. Its connections are its own.</summary>
    /// <param name="address">The server.</param>
    /// <param name="certificate">What it shows; null for none.</param>
    /// <param name="seen">Told the name in the certificate of each server that it connects to.</param>
    public HttpClient Connect(Uri address, X509Certificate2? certificate = null, Action<string>? seen = null)
    {
        var ssl = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { _root },
            },
            RemoteCertificateValidationCallback = (_, server, _, errors) =>
            {
                seen?.Invoke(server!.Subject);
                return errors == SslPolicyErrors.None;
            },
        };
        if (certificate is not null)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(new SocketsHttpHandler { SslOptions = ssl }) { BaseAddress = address, Timeout = Patience };
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }
}
