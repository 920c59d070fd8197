using System.Net.Security;
using Microsoft.Extensions.Options;

namespace Serving.Server.Hosting.Tls;

/// <summary>
/// The certificate in use. New files are taken up for new connections; files that are wrong change nothing but the log.
/// <see cref="LookAgain"/> has one caller; everything else may be called by many.
/// </summary>
internal sealed partial class TlsState
{
    private readonly ServingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TlsState> _logger;
    private volatile TlsIdentity? _current;
    private TlsFiles? _used;
    private TlsLook? _seen;
    private TlsLook? _handled;

    /// <exception cref="TlsException">The files are not what they should be.</exception>
    public TlsState(IOptions<ServingOptions> options, TimeProvider time, ILogger<TlsState> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        if (_options.TlsCertificate is not null)
        {
            Use(TlsFiles.Read(_options));
        }
    }

    /// <summary>Whether the server has a certificate at all.</summary>
    public bool IsOn => _current is not null;

    /// <summary>How a connection that begins now is to be secured.</summary>
    public SslServerAuthenticationOptions CreateOptions() =>
        (_current ?? throw new InvalidOperationException("The server was started without a certificate.")).CreateOptions();

    /// <summary>
    /// Looks whether the files have changed. A change counts when a second look finds it again: before, the files may be half
    /// written, or the certificate may be there and its key not yet.
    /// </summary>
    public void LookAgain()
    {
        var look = TlsLook.At(_options);
        var settled = look == _seen;
        _seen = look;
        if (!settled || look == _handled)
        {
            return;
        }

        _handled = look;
        if (look.Files is null)
        {
            LogRefused(look.Problem!);
        }
        else if (look.Files != _used)
        {
            TryUse(look.Files);
        }
    }

    private void TryUse(TlsFiles files)
    {
        try
        {
            Use(files);
        }
        catch (TlsException exception)
        {
            LogRefused(exception.Message);
        }
    }

    private void Use(TlsFiles files)
    {
        var identity = TlsIdentity.Create(files);
        _current = identity;
        _used = files;
        var (from, until) = (identity.Certificate.NotBefore.ToUniversalTime(), identity.Certificate.NotAfter.ToUniversalTime());
        LogUsing(identity.Certificate.Subject, until);
        if (_time.GetUtcNow() < from || _time.GetUtcNow() > until)
        {
            LogNotValid(identity.Certificate.Subject, from, until);
        }
    }
}
