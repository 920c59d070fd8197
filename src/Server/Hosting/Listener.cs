using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serving.Server.Hosting;

/// <summary>
/// A port and what it is for. Every connection carries it as a feature, so that a request knows by which port it came;
/// the Host header could claim anything.
/// </summary>
/// <param name="Roles">What is answered here.</param>
/// <param name="Option">The option that chooses the port.</param>
/// <param name="Port">The port asked for; 0 for any free one.</param>
/// <param name="Tls">Whether it speaks TLS, and nothing else.</param>
internal sealed record Listener(ListenerRoles Roles, string Option, int Port, bool Tls)
{
    /// <summary>Set when Kestrel is configured; knows the real port once the server listens.</summary>
    public ListenOptions? Options { get; set; }

    /// <summary>Where a client on this machine reaches it, once the server listens.</summary>
    public Uri Address
    {
        get
        {
            var endpoint = Options?.IPEndPoint ?? throw new InvalidOperationException("The server does not listen yet.");

            // Kestrel answers IPv4 as well where it listens to all addresses of IPv6.
            var all = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
            var host = all ? IPAddress.Loopback : endpoint.Address;
            return new Uri($"{(Tls ? "https" : "http")}://{new IPEndPoint(host, endpoint.Port)}");
        }
    }
}
