using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Serving.Server.Hosting.Tls;

/// <summary>A certificate with its key and whom it trusts, ready for handshakes. Connections that began with it keep it.</summary>
internal sealed class TlsIdentity
{
    private readonly SslStreamCertificateContext _context;
    private readonly X509Certificate2Collection? _clientCa;

    private TlsIdentity(SslStreamCertificateContext context, X509Certificate2Collection? clientCa)
    {
        _context = context;
        _clientCa = clientCa;
    }

    public X509Certificate2 Certificate => _context.TargetCertificate;

    /// <exception cref="TlsException">The files are not what they should be.</exception>
    public static TlsIdentity Create(TlsFiles files)
    {
        var chain = ReadCertificates(files.Certificate);
        var certificate = Pair(files.Certificate, files.Key);
        var clientCa = files.ClientCa is null ? null : ReadCertificates(files.ClientCa);

        // The names of the roots are sent, so that clients with several certificates know which to show.
        var trust = clientCa is null ? null : SslCertificateTrust.CreateForX509Collection(clientCa, sendTrustInHandshake: true);

        // Offline: what is missing between the certificate and its root is not fetched, clients get what the file has.
        return new TlsIdentity(SslStreamCertificateContext.Create(certificate, chain, offline: true, trust), clientCa);
    }

    /// <summary>How a connection is to be secured. Kestrel adds the protocols of the port.</summary>
    public SslServerAuthenticationOptions CreateOptions() => new()
    {
        ServerCertificateContext = _context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = _clientCa is not null,
        CertificateChainPolicy = _clientCa is null ? null : TrustOnly(_clientCa),
    };

    /// <summary>Only these roots: what the machine itself trusts has nothing to do with who may call.</summary>
    private static X509ChainPolicy TrustOnly(X509Certificate2Collection roots)
    {
        const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    private static X509Certificate2Collection ReadCertificates(TlsFile file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(file.Text);
        }
        catch (CryptographicException exception)
        {
            throw file.Wrong($"has a certificate that cannot be read: {exception.Message.TrimEnd('.')}");
        }

        return certificates.Count > 0 ? certificates : throw file.Wrong("has no certificate; '-----BEGIN CERTIFICATE-----' is expected (PEM)");
    }

    private static X509Certificate2 Pair(TlsFile certificate, TlsFile key)
    {
        if (key.Text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            throw key.Wrong("is encrypted; the server cannot ask for a password, so a key without one is expected");
        }

        if (!key.Text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw key.Wrong("has no private key; '-----BEGIN PRIVATE KEY-----' is expected (PEM)");
        }

        try
        {
            var pair = X509Certificate2.CreateFromPem(certificate.Text, key.Text);

            // Windows cannot use a key that was never in one of its stores.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null) : pair;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw key.Wrong($"does not fit the first certificate of '{certificate.Path}': {exception.Message.TrimEnd('.')}");
        }
    }
}
