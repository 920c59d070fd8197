using System.Buffers.Binary;
using Serving.Benchmarks.Loads;
using Serving.TestKit.Source;

namespace Serving.Benchmarks.Rig;

/// <summary>The peer of <c>peers/server.mjs</c>: fastify before onnxruntime-node, on the server's core.</summary>
internal sealed class FastifyPeer : IDisposable
{
    /// <summary>HTTP/1.1 has one request at a time on a connection: as many in flight as elsewhere.</summary>
    private const int Connections = H2Load.Connections * H2Load.Streams;

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Benchmarks", "peers");

    private readonly ChildProcess _process;
    private readonly Uri _address;
    private readonly string _body = Path.GetTempFileName();

    private FastifyPeer(ChildProcess process, Uri address, int width)
    {
        _process = process;
        _address = new Uri(address, "infer");
        var row = new byte[width * sizeof(float)];
        for (var i = 0; i < width; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(row.AsSpan(i * sizeof(float)), i % 7);
        }

        File.WriteAllBytes(_body, row);
    }

    /// <summary>Why it cannot run; null where it can. ./bench installs it.</summary>
    public static string? Missing() => !ChildProcess.Exists("node") ? "node is not installed"
        : !Directory.Exists(Path.Combine(Folder, "node_modules", "fastify")) ? "fastify could not be installed from npm"
        : null;

    /// <param name="model">The graph.</param>
    /// <param name="width">The floats of a row.</param>
    public static async Task<FastifyPeer> StartAsync(string model, int width)
    {
        var process = ChildProcess.Start(Cores.Server, "node", Path.Combine(Folder, "server.mjs"), model);
        try
        {
            return new FastifyPeer(process, new Uri((await process.ReadAsync("listens "))[0]), width);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public Task<LoadResult> LoadAsync(double seconds) =>
        H2Load.RunAsync(_address, seconds, Connections, streams: 1, "--h1", "-H", "content-type: application/octet-stream", "-d", _body);

    public void Dispose()
    {
        _process.Dispose();
        File.Delete(_body);
    }
}
