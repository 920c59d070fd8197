using System.Diagnostics;
using System.Text.RegularExpressions;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Hosting;

/// <summary>The server as users start it: a process of its own.</summary>
internal sealed partial class ChildServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private ChildServer(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <param name="environment">Variables besides those of this process.</param>
    /// <param name="arguments">The command line.</param>
    public static ChildServer Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServingHost).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildServer(Process.Start(start)!);
    }

    public static ChildServer Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>The next line of standard output that matches.</summary>
    public async Task<Match> ReadAsync(Regex line)
    {
        while (true)
        {
            var text = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                ?? throw new InvalidOperationException($"The server ended without a line that matches {line}; it said: {await _error.WaitAsync(Patience)}");
            if (line.Match(text) is { Success: true } match)
            {
                return match;
            }
        }
    }

    /// <summary>Waits for the summary of the start and reads REST's address from it.</summary>
    public async Task<Uri> ReadAddressAsync() => (await ReadAddressesAsync()).Http;

    /// <summary>Waits for the summary of the start and reads the addresses from it.</summary>
    public async Task<(Uri Http, Uri Grpc, Uri Metrics)> ReadAddressesAsync()
    {
        var rest = new Uri((await ReadAsync(RestLine())).Groups[1].Value);
        var grpc = new Uri("http://" + (await ReadAsync(GrpcLine())).Groups[1].Value);
        var metrics = new Uri((await ReadAsync(MetricsLine())).Groups[1].Value);

        // The summary's last line: from here on the start is over.
        await ReadAsync(TryLine());
        return (rest, grpc, metrics);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Waits for the end; standard output is what was not read yet.</summary>
    public async Task<(int Code, string Output, string Error)> EndAsync(TimeSpan? patience = null)
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(patience ?? Patience);
        return (_process.ExitCode, await output.WaitAsync(Patience), await _error.WaitAsync(Patience));
    }

    /// <summary>The memory that the system holds for the process.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"^  REST +(http://\S+)$")]
    private static partial Regex RestLine();

    [GeneratedRegex(@"^  gRPC +(\S+)$")]
    private static partial Regex GrpcLine();

    [GeneratedRegex(@"^  metrics +(http://\S+)$")]
    private static partial Regex MetricsLine();

    [GeneratedRegex("^  try ")]
    private static partial Regex TryLine();
}
