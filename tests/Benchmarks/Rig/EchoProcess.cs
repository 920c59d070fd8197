using System.Net;

namespace Serving.Benchmarks.Rig;

/// <summary>The gRPC echo, as a process of its own.</summary>
internal sealed class EchoProcess : IDisposable
{
    private EchoProcess(ChildProcess process, IPEndPoint address)
    {
        Process = process;
        Address = address;
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
            var said = await process.ReadAsync("gRPC ");
            return new EchoProcess(process, IPEndPoint.Parse(said[0]));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose() => Process.Dispose();
}
