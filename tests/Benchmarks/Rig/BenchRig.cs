using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;

namespace Serving.Benchmarks.Rig;

/// <summary>What several measures use, made when the first asks for it.</summary>
internal sealed class BenchRig(BenchOptions options) : IDisposable
{
    private readonly Dictionary<string, ServedModel> _served = [];
    private readonly Dictionary<string, RawModel> _raw = [];
    private readonly Dictionary<int, EchoProcess> _echoes = [];
    private ModelServer? _server;

    public BenchOptions Options { get; } = options;

    public BenchModels Models { get; } = new();

    /// <summary>The server on its own core.</summary>
    public async Task<ModelServer> ServerAsync() => _server ??= await ModelServer.StartAsync(Cores.Server, Models.Root);

    /// <summary>A model that takes rows of floats, warm.</summary>
    /// <param name="model">The model.</param>
    /// <param name="width">The row's length.</param>
    /// <param name="batched">Whether it must be batched.</param>
    public async Task<ServedModel> ServedAsync(string model, int width, bool batched = true)
    {
        if (_served.TryGetValue(model, out var known))
        {
            return known;
        }

        var server = await ServerAsync();
        if (batched)
        {
            await server.RequireBatchingAsync(model);
        }

        var message = GrpcMessage.Floats(model, width);
        var bytes = MeasureAnswer(server, message);
        var served = new ServedModel(server, await EchoAsync(bytes - GrpcMessage.PrefixLength), message, bytes);
        await WarmUpAsync(served);
        return _served[model] = served;
    }

    /// <summary>A model of the repository without a server.</summary>
    public RawModel Raw(string model)
    {
        if (!_raw.TryGetValue(model, out var raw))
        {
            raw = _raw[model] = new RawModel(Models.PathOf(model));
        }

        return raw;
    }

    public void Dispose()
    {
        _server?.Dispose();
        foreach (var echo in _echoes.Values)
        {
            echo.Dispose();
        }

        foreach (var raw in _raw.Values)
        {
            raw.Dispose();
        }

        Models.Dispose();
    }

    private static int MeasureAnswer(ModelServer server, byte[] message)
    {
        using var connection = new Http2Connection(server.Grpc, GrpcMessage.Path);
        connection.Send(message);
        var answer = connection.Take();
        ClosedLoop.Require(answer);
        return answer.Bytes;
    }

    private async Task<EchoProcess> EchoAsync(int bytes)
    {
        if (!_echoes.TryGetValue(bytes, out var echo))
        {
            echo = _echoes[bytes] = await EchoProcess.StartAsync(Cores.Server, bytes);
        }

        return echo;
    }

    /// <summary>The first model warms the server up, the others what is theirs. An echo that were colder than the server would flatter it.</summary>
    private async Task WarmUpAsync(ServedModel served)
    {
        var share = _served.Count == 0 ? 1 : 0.5;
        if (H2Load.IsInstalled)
        {
            await served.LoadAsync(share * Options.WarmUpSeconds);
            await served.LoadEchoAsync(share * Options.WarmUpSeconds);
            return;
        }

        // P3 alone can do without h2load.
        const int Calls = 30_000;
        using var infer = served.Connect();
        using var echo = served.ConnectToEcho();
        ClosedLoop.OneByOne(infer, served.Message, Calls);
        ClosedLoop.OneByOne(echo, served.Message, Calls);
    }
}
