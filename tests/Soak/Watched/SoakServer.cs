using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Serving.Soak.Watched;

/// <summary>The server as a process of its own, whose log, metrics and memory are watched.</summary>
internal sealed partial class SoakServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly HttpClient _metrics = new() { Timeout = Patience };
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Addresses> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _error;

    private SoakServer(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What was logged at level Error or worse, and lies outside what a soak does on purpose.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            // The text format is two lines: the level with the category and event, then the message.
            string[] lines = [.. _lines];
            return
            [
                .. from i in Enumerable.Range(0, lines.Length)
                   where ErrorLine().IsMatch(lines[i]) && !lines[i].Contains("[1210]", StringComparison.Ordinal)
                   select string.Join(' ', lines[i..Math.Min(lines.Length, i + 6)].Select(line => line.Trim())),
            ];
        }
    }

    public static async Task<(SoakServer Server, Addresses Addresses)> StartAsync(string repository)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Serving.Server.dll"), "--repository", repository, "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0",
                "--poll-interval", "200ms", "--settle-time", "100ms", "--log-level", "warning", "--breaker-failures", "2", "--breaker-pause", "200ms",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = new SoakServer(Process.Start(start)!);
        try
        {
            return (server, await server._started.Task.WaitAsync(Patience));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The sum of a metric over its series, or those whose labels contain a text.</summary>
    public async Task<double> SumAsync(string metric, Uri metrics, string labels = "")
    {
        var text = await _metrics.GetStringAsync(new Uri(metrics, "/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is ' ' or '{')
            .Where(line => line.Contains(labels, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until nothing is under way any more; what still is, where it does not end.</summary>
    public async Task<IReadOnlyList<string>> BecomeQuietAsync(Uri metrics)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // What asks for the metrics is a request and a connection itself.
            (string Name, double Most)[] wanted =
                [("serving_queue_rows", 0), ("serving_buffer_pool_rented_bytes", 0), ("http_server_active_requests", 1), ("kestrel_active_connections", 1)];
            var left = new List<string>();
            foreach (var (name, most) in wanted)
            {
                if (await SumAsync(name, metrics) is var sum && sum > most)
                {
                    left.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {sum}, long after the last request"));
                }
            }

            if (left.Count == 0 || Stopwatch.GetElapsedTime(started) > Patience)
            {
                return left;
            }

            await Task.Delay(50);
        }
    }

    public Weight Weigh()
    {
        var folder = $"/proc/{_process.Id}";
        var status = File.ReadAllText($"{folder}/status");
        return new Weight(Read("VmRSS:\\s+(\\d+)") << 10, (int)Read("Threads:\\s+(\\d+)"), Directory.GetFiles($"{folder}/fd").Length);

        long Read(string pattern) => long.Parse(Regex.Match(status, pattern).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Stops it as an orchestrator does; whatever was not as it should be.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync().WaitAsync(Patience);
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            return ["the server did not stop"];
        }

        await _reading.WaitAsync(Patience);
        var error = await _error.WaitAsync(Patience);
        var problems = Errors.Select(entry => $"the server logged: {entry}").ToList();
        if (_process.ExitCode != 0)
        {
            problems.Add($"the server ended with {_process.ExitCode}");
        }

        if (error.Length > 0)
        {
            problems.Add($"the server wrote to standard error: {error}");
        }

        return problems;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _metrics.Dispose();
    }

    private async Task ReadAsync()
    {
        Uri? rest = null;
        Uri? grpc = null;
        Uri? metrics = null;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (SummaryLine().Match(line) is { Success: true } summary)
            {
                var value = summary.Groups[2].Value;
                (rest, grpc, metrics) = summary.Groups[1].Value switch
                {
                    "REST" => (new Uri(value), grpc, metrics),
                    "gRPC" => (rest, new Uri($"http://{value}"), metrics),
                    _ => (rest, grpc, new Uri(value)),
                };
            }
            else if (line.StartsWith("  try ", StringComparison.Ordinal) && rest is not null)
            {
                _started.TrySetResult(new Addresses(rest, grpc!, metrics!));
            }
            else
            {
                _lines.Enqueue(line);
            }
        }

        _started.TrySetException(new InvalidOperationException($"The server ended before it was ready: {string.Join(' ', _lines)}"));
    }

    [GeneratedRegex(@"^  (REST|gRPC|metrics) +(\S+)$")]
    private static partial Regex SummaryLine();

    [GeneratedRegex(@"\b(?:fail|crit): ")]
    private static partial Regex ErrorLine();
}
