using System.Globalization;
using System.Net;

namespace Serving.Benchmarks.Rig;

/// <summary>The gRPC echo, as a process of its own.</summary>
internal sealed class EchoProcess : IDisposable
{
    private readonly HttpClient _http;

    private EchoProcess(ChildProcess process, IPEndPoint address, Uri rest)
    {
        Process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = rest };
    }

    public ChildProcess Process { get; }

    public IPEndPoint Address { get; }

    /// <param name="cores">The cores, as taskset takes them.</param>
    /// <param name="bytes">The length of each answer.</param>
    public static async Task<EchoProcess> StartAsync(string cores, int bytes)
    {
        var process = ChildProcess.Start(cores, "dotnet", typeof(EchoProcess).Assembly.Location, "echo", "--bytes", $"{bytes}");
        try
        {
            var said = await process.ReadAsync("REST ", "gRPC ");
            return new EchoProcess(process, IPEndPoint.Parse(said[1]), new Uri(said[0]));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Managed bytes that it has allocated so far.</summary>
    public async Task<double> ReadAllocatedAsync() => double.Parse(await _http.GetStringAsync("/"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _http.Dispose();
        Process.Dispose();
    }
}
