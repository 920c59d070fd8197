using Serving.Server.Hosting.Settings;

namespace Serving.Server.Hosting.Tls;

/// <summary>What the files of the TLS options contain. Compared by content: a mounted secret is replaced by swapping a link.</summary>
/// <param name="Certificate">The server's certificate, and those between it and its root.</param>
/// <param name="Key">The certificate's private key; the same file where it has both.</param>
/// <param name="ClientCa">The roots of the clients' certificates; null where clients need none.</param>
internal sealed record TlsFiles(TlsFile Certificate, TlsFile Key, TlsFile? ClientCa)
{
    /// <param name="options">Options with a certificate.</param>
    public static TlsFiles Read(ServingOptions options)
    {
        var certificate = TlsFile.Read(OptionTable.Spell(nameof(options.TlsCertificate)), options.TlsCertificate!);
        var key = options.TlsKey is null ? certificate : TlsFile.Read(OptionTable.Spell(nameof(options.TlsKey)), options.TlsKey);
        var clientCa = options.TlsClientCa is null ? null : TlsFile.Read(OptionTable.Spell(nameof(options.TlsClientCa)), options.TlsClientCa);
        return new TlsFiles(certificate, key, clientCa);
    }
}
