using System.Diagnostics;
using System.Net;
using Serving.Benchmarks.Http2;

namespace Serving.Benchmarks.Loads;

/// <summary>
/// Requests at times that do not depend on the answers, as those of many clients. Latency counts from the intended moment, so a
/// server that stalls is charged with everything that came due meanwhile (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <summary>
    /// Streams that a server lets a connection have at a time, at the least (RFC 9113, 6.5.2). What comes due beyond them, as after a
    /// pause of the machine, waits here and is charged for it like what waits there.
    /// </summary>
    private const int MostInFlight = 100;

    /// <summary>Sends a message at each of some moments.</summary>
    /// <param name="address">The server.</param>
    /// <param name="path">The method.</param>
    /// <param name="messages">What is sent, in turn.</param>
    /// <param name="arrivals">Seconds from the start, ascending.</param>
    public static Latencies Run(IPEndPoint address, string path, IReadOnlyList<byte[]> messages, IReadOnlyList<double> arrivals)
    {
        using var connection = new Http2Connection(address, path);
        var intended = new Dictionary<int, double>();
        var latencies = new Latencies();
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; latencies.Count < arrivals.Count;)
        {
            var now = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (sent < arrivals.Count && arrivals[sent] <= now && connection.InFlight < MostInFlight)
            {
                intended[connection.Send(messages[sent % messages.Count])] = arrivals[sent];
                sent++;
            }

            while (connection.TryTake(out var answer))
            {
                ClosedLoop.Require(answer);
                intended.Remove(answer.Stream, out var due);
                latencies.Add((Stopwatch.GetElapsedTime(started).TotalSeconds - due) * 1e6);
            }
        }

        return latencies;
    }

    /// <summary>Poisson arrivals: exponential gaps from a fixed seed.</summary>
    public static double[] Poisson(double rate, double seconds, int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<double>();
        for (var at = Gap(); at < seconds; at += Gap())
        {
            arrivals.Add(at);
        }

        return [.. arrivals];

        double Gap() => -Math.Log(1 - random.NextDouble()) / rate;
    }
}
