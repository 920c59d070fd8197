using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Loads;

/// <summary>nghttp2's load generator: as much as the server takes, with a fixed number in flight.</summary>
internal static partial class H2Load
{
    /// <summary>How many connections; with <see cref="Streams"/> there are 128 requests in flight.</summary>
    public const int Connections = 4;

    /// <summary>How many requests each connection has in flight.</summary>
    public const int Streams = 32;

    public static bool IsInstalled => ChildProcess.Exists("h2load");

    /// <summary>Calls a method of gRPC with one message, again and again.</summary>
    /// <param name="address">The server.</param>
    /// <param name="path">The method.</param>
    /// <param name="message">The message, framed.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="streams">How many requests each connection has in flight.</param>
    public static async Task<LoadResult> GrpcAsync(
        IPEndPoint address, string path, byte[] message, double seconds, int streams = Streams)
    {
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, message);
            return await RunAsync(
                new Uri($"http://{address}{path}"), seconds, Connections, streams, "-H", "content-type: application/grpc", "-H", "te: trailers", "-d", body);
        }
        finally
        {
            File.Delete(body);
        }
    }

    /// <summary>Asks for the same again and again; further arguments are h2load's own.</summary>
    public static async Task<LoadResult> RunAsync(Uri address, double seconds, int connections, int streams, params string[] arguments)
    {
        var text = await ChildProcess.RunAsync(
            Cores.Load, "h2load", ["-D", Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture), "-c", $"{connections}", "-m", $"{streams}", .. arguments, $"{address}"]);
        var (rate, requests, traffic) = (Rate().Match(text), Requests().Match(text), Traffic().Match(text));
        if (!rate.Success || !requests.Success || !traffic.Success || Number(requests) == 0 || requests.Groups["failed"].Value != "0")
        {
            throw new InvalidOperationException($"h2load {address} did not get its answers:\n{text}");
        }

        return new LoadResult(Number(rate), (long)Number(requests), Number(traffic) / Number(requests));
    }

    private static double Number(Match match) => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"finished in [^,]+, (?<value>[\d.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"requests: .* (?<value>\d+) succeeded, (?<failed>\d+) failed")]
    private static partial Regex Requests();

    [GeneratedRegex(@"\((?<value>\d+)\) data")]
    private static partial Regex Traffic();
}
