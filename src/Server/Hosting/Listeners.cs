using Microsoft.Extensions.Options;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Hosting;

/// <summary>The server's ports: one for each protocol, or one for all.</summary>
internal sealed class Listeners(IOptions<ServingOptions> options)
{
    public IReadOnlyList<Listener> All { get; } = Choose(options.Value);

    /// <summary>Where a client on this machine finds what is answered there.</summary>
    public Uri AddressOf(ListenerRoles role) => All.First(listener => listener.Roles.HasFlag(role)).Address;

    private static Listener[] Choose(ServingOptions options)
    {
        var tls = options.TlsCertificate is not null;
        return options.Port is { } port
            ? [Create(ListenerRoles.All, nameof(options.Port), port, tls)]
            :
            [
                Create(ListenerRoles.Rest, nameof(options.HttpPort), options.HttpPort, tls),
                Create(ListenerRoles.Grpc, nameof(options.GrpcPort), options.GrpcPort, tls),
                Create(ListenerRoles.Metrics, nameof(options.MetricsPort), options.MetricsPort, tls && options.MetricsTls),
            ];
    }

    private static Listener Create(ListenerRoles roles, string option, int port, bool tls) => new(roles, OptionTable.Spell(option), port, tls);
}
