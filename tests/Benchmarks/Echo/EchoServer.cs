using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;
using Serving.Server.Transfer;

namespace Serving.Benchmarks.Echo;

/// <summary>
/// What gRPC costs without a model: the server's own Kestrel and framing, nothing between them, and answers of one length. The
/// upper bound of what the server can reach, and the only file of the benchmarks that knows the server's classes.
/// </summary>
internal static class EchoServer
{
    /// <summary>The only method.</summary>
    public const string Path = "/bench.Echo/Call";

    private static readonly InferenceFailure NoModel = InferenceFailure.Unsupported("the echo has no model");

    /// <summary>Serves until the process is ended; prints where, as the server does.</summary>
    /// <param name="bytes">The length of each answer.</param>
    public static async Task RunAsync(int bytes)
    {
        var options = new ServingOptions { HttpPort = 0, GrpcPort = 0, MetricsPort = 0, LogLevel = LogLevel.Warning };
        ComputeThreads.Reserve(options.Threads);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddServing();
        await using var app = builder.Build();
        var runner = app.Services.GetRequiredService<CallRunner>();
        var answer = new EchoMessage(new byte[bytes]);
        var method = RpcMethod.Inference("bench.Echo", "Call", new InferSteps(Take, (call, _) => AnswerAsync(call, answer)));
        app.Run(context => CallRunner.IsGrpc(context.Request.ContentType) ? runner.RunAsync(context, method).AsTask() : TellAllocatedAsync(context));
        await app.StartAsync();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Managed bytes allocated so far: the answer to what is not gRPC.</summary>
    private static Task TellAllocatedAsync(HttpContext context) =>
        context.Response.WriteAsync(GC.GetTotalAllocatedBytes().ToString(CultureInfo.InvariantCulture));

    private static ValueTask<Outcome<InferenceResponse>> Take(RpcCall call)
    {
        var read = call.Reader.ReadSingleAsync(call.CancellationToken);
        return read.IsCompletedSuccessfully ? new(Done(call, read.Result)) : WaitAsync(call, read);

        static async ValueTask<Outcome<InferenceResponse>> WaitAsync(RpcCall call, ValueTask<InferenceFailure?> read) => Done(call, await read);
    }

    private static Outcome<InferenceResponse> Done(RpcCall call, InferenceFailure? unreadable)
    {
        call.Reader.Release();
        return unreadable ?? NoModel;
    }

    private static ValueTask<InferenceFailure?> AnswerAsync(RpcCall call, EchoMessage answer)
    {
        var written = call.WriteAsync(answer, flush: false);
        return written.IsCompletedSuccessfully ? default : WaitAsync(written);

        static async ValueTask<InferenceFailure?> WaitAsync(ValueTask written)
        {
            await written;
            return null;
        }
    }

    /// <summary>Bytes, in the pieces in which the server sends tensors.</summary>
    private readonly struct EchoMessage(byte[] bytes) : IWireMessage
    {
        public int Length => bytes.Length;

        public async ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
        {
            var data = bytes.AsMemory();
            for (; data.Length > TransferLimits.Piece; data = data[TransferLimits.Piece..])
            {
                writer.Write(data.Span[..TransferLimits.Piece]);
                var flushed = await writer.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }

            writer.Write(data.Span);
        }
    }
}
