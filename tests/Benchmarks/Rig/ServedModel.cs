using Serving.Benchmarks.Echo;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;

namespace Serving.Benchmarks.Rig;

/// <summary>A model of a server that is warm, and the echo of the same sizes on the same core.</summary>
/// <param name="Server">The server.</param>
/// <param name="Echo">Takes the same requests and answers as many bytes.</param>
/// <param name="Message">A request of one row, framed.</param>
/// <param name="AnswerBytes">The length of its answer, framed.</param>
internal sealed record ServedModel(ModelServer Server, EchoProcess Echo, byte[] Message, int AnswerBytes)
{
    /// <summary>From here on a few requests keep a core busy; arbitrary.</summary>
    private const int LargeMessage = 64 * 1024;

    /// <summary>How many requests each connection has in flight; fewer where they are large.</summary>
    private int Streams => Message.Length > LargeMessage ? 1 : H2Load.Streams;

    public async Task<LoadResult> LoadAsync(double seconds) =>
        Require(await H2Load.GrpcAsync(Server.Grpc, GrpcMessage.Path, Message, seconds, Streams));

    public async Task<LoadResult> LoadEchoAsync(double seconds) =>
        Require(await H2Load.GrpcAsync(Echo.Address, EchoServer.Path, Message, seconds, Streams));

    public Http2Connection Connect() => new(Server.Grpc, GrpcMessage.Path);

    public Http2Connection ConnectToEcho() => new(Echo.Address, EchoServer.Path);

    /// <summary>h2load takes every HTTP status of 200 for success; gRPC's own failures have no message, so the lengths tell.</summary>
    private LoadResult Require(LoadResult result)
    {
        // An answer that was on its way when time was up counts in bytes and not in number, never the other way round.
        return result.BytesPerAnswer >= AnswerBytes
            ? result
            : throw new InvalidOperationException($"answers of {AnswerBytes} bytes were expected and {result.BytesPerAnswer:0.0} came on average: some were failures");
    }
}
