using Microsoft.Extensions.Options;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Hosting;

/// <summary>The server's ports: one for each protocol, or one for all.</summary>
internal sealed class Listeners(IOptions<ServingOptions> options)
{
    public IReadOnlyList<Listener> All { get; } = Choose(options.Value);

    /// <summary>Where a client on this machine finds what is answered there.</summary>
    public Uri AddressOf(ListenerRoles role) => All.First(listener => listener.Roles.HasFlag(role)).Address;

    private static Listener[] Choose(ServingOptions options) => options.Port is { } port
        ? [Create(ListenerRoles.All, nameof(options.Port), port)]
        :
        [
            Create(ListenerRoles.Rest, nameof(options.HttpPort), options.HttpPort),
            Create(ListenerRoles.Grpc, nameof(options.GrpcPort), options.GrpcPort),
            Create(ListenerRoles.Metrics, nameof(options.MetricsPort), options.MetricsPort),
        ];

    private static Listener Create(ListenerRoles roles, string option, int port) => new(roles, OptionTable.Spell(option), port);
}
