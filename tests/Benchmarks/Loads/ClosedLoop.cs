using System.Diagnostics;
using System.Net;
using Serving.Benchmarks.Http2;

namespace Serving.Benchmarks.Loads;

/// <summary>A fixed number of requests in flight: the next is sent when one is answered. The messages are sent in turn.</summary>
internal static class ClosedLoop
{
    /// <summary>Latencies of requests one after the other.</summary>
    public static Latencies OneByOne(Http2Connection connection, byte[] message, int count)
    {
        var latencies = new Latencies();
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            connection.Send(message);
            Require(connection.Take());
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return latencies;
    }

    /// <summary>All messages once; seconds until the last answer.</summary>
    public static double Send(IPEndPoint address, string path, IReadOnlyList<byte[]> messages, int inFlight)
    {
        using var connection = new Http2Connection(address, path);
        var started = Stopwatch.GetTimestamp();
        for (int sent = 0, answered = 0; answered < messages.Count;)
        {
            if (sent < messages.Count && connection.InFlight < inFlight)
            {
                connection.Send(messages[sent++]);
                continue;
            }

            Require(connection.Take());
            answered++;
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Throws where gRPC answered with a failure: then there is no message.</summary>
    public static void Require(Answer answer)
    {
        if (answer.Bytes == 0)
        {
            throw new InvalidOperationException("the server answered with a failure");
        }
    }
}
