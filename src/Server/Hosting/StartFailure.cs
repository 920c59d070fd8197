using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Serving.Server.Hosting;

/// <summary>Turns what the system says when a port cannot be opened into a sentence that says which option to change.</summary>
internal static class StartFailure
{
    private const int FirstUnprivilegedPort = 1024;

    /// <summary>The sentence, or null where the failure is none of these and its details are needed.</summary>
    public static string? Explain(Exception exception, ServingOptions options, Listeners listeners)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AddressInUseException)
            {
                return InUse(exception.Message, listeners);
            }

            if (cause is SocketException { SocketErrorCode: SocketError.AccessDenied })
            {
                var listener = listeners.All.FirstOrDefault(listener => listener.Port is > 0 and < FirstUnprivilegedPort) ?? listeners.All[0];
                return $"Port {listener.Port} needs privileges that this process does not have; choose one of 1024 or above with {listener.Option}.";
            }

            if (cause is SocketException { SocketErrorCode: SocketError.AddressNotAvailable })
            {
                return $"No network interface of this machine has the address {options.Host}; choose another with --host (Serving__Host), or '*' for all.";
            }
        }

        return null;
    }

    /// <summary>Kestrel names the address in its message and nowhere else.</summary>
    private static string InUse(string message, Listeners listeners)
    {
        var listener = listeners.All.FirstOrDefault(listener => message.Contains($":{listener.Port}:", StringComparison.Ordinal)) ?? listeners.All[0];
        return $"Port {listener.Port} is in use by another program; choose another with {listener.Option}, or 0 for any free one.";
    }
}
