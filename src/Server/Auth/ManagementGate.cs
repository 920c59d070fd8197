using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;

namespace Serving.Server.Auth;

/// <summary>Who may load, unload and otherwise manage: clients on this machine, everybody if opened, or who shows the key.</summary>
internal sealed class ManagementGate(IOptions<ServingOptions> options)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Real-IP"];

    private readonly bool _open = options.Value.AllowManagement;
    private readonly byte[]? _key = options.Value.ManagementKey is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : null;

    /// <summary>Null where the client may, else why not.</summary>
    public InferenceFailure? Check(HttpContext context)
    {
        if (_open || IsOnThisMachine(context) || ShowsKey(context))
        {
            return null;
        }

        return new InferenceFailure(
            InferenceError.Forbidden,
            "This API is restricted to clients on the server's machine; start the server with --allow-management, or with --management-key and send 'Authorization: Bearer KEY'");
    }

    /// <summary>A proxy on this machine speaks for clients elsewhere and says so; that it is near must not open the gate for them.</summary>
    private static bool IsOnThisMachine(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is null || IPAddress.IsLoopback(address)) && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);
    }

    private bool ShowsKey(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return _key is not null
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..]), _key);
    }
}
