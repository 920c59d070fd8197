namespace Serving.Server.Hosting.Tls;

internal sealed partial class TlsState
{
    [LoggerMessage(1004, LogLevel.Information, "TLS: new connections get the certificate of {Subject}, valid until {NotAfter:u}.")]
    private partial void LogUsing(string subject, DateTime notAfter);

    [LoggerMessage(1005, LogLevel.Warning, "TLS: the certificate of {Subject} is valid from {NotBefore:u} until {NotAfter:u}, not now; clients will refuse it.")]
    private partial void LogNotValid(string subject, DateTime notBefore, DateTime notAfter);

    [LoggerMessage(1006, LogLevel.Error, "TLS: the changed files cannot be used, so the certificate in use stays. {Reason}")]
    private partial void LogRefused(string reason);
}
