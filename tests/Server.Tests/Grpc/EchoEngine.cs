using System.Diagnostics.Metrics;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime;

namespace Serving.Server.Tests.Grpc;

/// <summary>A real engine over one model, <c>echo</c>: the identity of an FP32 tensor with two axes.</summary>
internal sealed class EchoEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("serving-grpc-");

    private EchoEngine()
    {
        File.WriteAllBytes(Path.Combine(_repository.FullName, "echo.onnx"), IdentityGraph());
        var options = new EngineOptions { SettleTime = TimeSpan.Zero };
        options.Repository.Add(_repository.FullName);
        Engine = new InferenceEngine(options, _services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance, TimeProvider.System);
    }

    public InferenceEngine Engine { get; }

    public static async Task<EchoEngine> StartAsync()
    {
        var engine = new EchoEngine();
        await engine.Engine.StartAsync(CancellationToken.None).WaitAsync(Patience);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().AsTask().WaitAsync(Patience);
        await _services.DisposeAsync();
        _repository.Delete(recursive: true);
    }

    /// <summary>An ONNX model with one node, written field by field.</summary>
    private static byte[] IdentityGraph()
    {
        var shape = Message(o => Field(o, 1, Text(2, "rows")), o => Field(o, 1, Text(2, "columns")));
        var type = Message(o => Field(o, 1, Message(i => Number(i, 1, 1), i => Field(i, 2, shape))));
        var node = Message(o => Field(o, 1, "x"u8), o => Field(o, 2, "y"u8), o => Field(o, 4, "Identity"u8));
        var graph = Message(
            o => Field(o, 1, node),
            o => Field(o, 2, "echo"u8),
            o => Field(o, 11, Message(i => Field(i, 1, "x"u8), i => Field(i, 2, type))),
            o => Field(o, 12, Message(i => Field(i, 1, "y"u8), i => Field(i, 2, type))));
        return Message(o => Number(o, 1, 8), o => Field(o, 7, graph), o => Field(o, 8, Message(i => Number(i, 2, 17))));
    }

    private static byte[] Message(params Action<CodedOutputStream>[] fields)
    {
        var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            Array.ForEach(fields, write => write(output));
        }

        return bytes.ToArray();
    }

    private static byte[] Text(int field, string value) => Message(o =>
    {
        o.WriteTag(field, WireFormat.WireType.LengthDelimited);
        o.WriteString(value);
    });

    private static void Field(CodedOutputStream output, int field, ReadOnlySpan<byte> value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }
}
