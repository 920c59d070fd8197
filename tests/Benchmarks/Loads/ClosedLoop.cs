using System.Diagnostics;
using System.Net;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Rig;

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

    /// <summary>The same requests over and over. What is answered while the load begins and ends does not count.</summary>
    /// <param name="address">The server.</param>
    /// <param name="requests">What is sent, in turn.</param>
    /// <param name="inFlight">How many requests wait for their answers.</param>
    /// <param name="seconds">How long.</param>
    public static TokenResult Run(IPEndPoint address, IReadOnlyList<TokenRequest> requests, int inFlight, double seconds)
    {
        using var connection = new Http2Connection(address, GrpcMessage.Path);
        var sent = new Dictionary<int, (int Request, long At)>();
        var latencies = new Latencies();
        for (var next = 0; next < inFlight; next++)
        {
            Send(next);
        }

        var (tokens, all, started, taken, own) = (0L, 0L, 0L, 0.0, 0.0);
        for (var answered = 1; taken < seconds; answered++)
        {
            var (request, at) = Take();
            if (answered == inFlight)
            {
                started = Stopwatch.GetTimestamp();
                own = ThreadClock.Seconds;
            }
            else if (answered > inFlight)
            {
                taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
                tokens += requests[request % requests.Count].Tokens;
                latencies.Add(Stopwatch.GetElapsedTime(at).TotalMicroseconds);
            }

            Send(answered + inFlight - 1);
        }

        own = ThreadClock.Seconds - own;
        while (sent.Count > 0)
        {
            Take();
        }

        return new TokenResult(tokens / taken, latencies, own / taken, all);

        void Send(int request) => sent[connection.Send(requests[request % requests.Count].Message)] = (request, Stopwatch.GetTimestamp());

        (int Request, long At) Take()
        {
            var answer = connection.Take();
            Require(answer);
            if (!sent.Remove(answer.Stream, out var known))
            {
                throw new InvalidOperationException("an answer to no request");
            }

            all += requests[known.Request % requests.Count].Tokens;
            return known;
        }
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
