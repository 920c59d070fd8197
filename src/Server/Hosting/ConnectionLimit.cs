using Microsoft.AspNetCore.Connections;

namespace Serving.Server.Hosting;

/// <summary>
/// Bounds the connections of one port. Not Kestrel's own limit, which counts those of all ports together: clients of the models
/// could then keep probes and scrapes out.
/// </summary>
/// <param name="most">The most at a time; 0 for any number.</param>
/// <param name="option">The port's option, for the log.</param>
/// <param name="logger">Where it says that the port is full.</param>
internal sealed partial class ConnectionLimit(int most, string option, ILogger logger)
{
    private int _open;
    private int _told;

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most || most == 0)
            {
                await next(connection);
                return;
            }

            if (Interlocked.Exchange(ref _told, 1) == 0)
            {
                LogFull(option, most);
            }

            connection.Abort();
        }
        finally
        {
            // Told again only after there was room: a full port is one piece of news and not one for every client.
            if (Interlocked.Decrement(ref _open) < most / 2)
            {
                Volatile.Write(ref _told, 0);
            }
        }
    }

    [LoggerMessage(1007, LogLevel.Warning, "The port of {Option} has {Most} connections, as many as --max-connections allows; further ones are closed as they come.")]
    private partial void LogFull(string option, int most);
}
