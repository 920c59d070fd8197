using System.Buffers;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Grpc.Infer;

namespace Serving.MicroBenchmarks;

/// <summary>
/// A ModelInferRequest with one raw tensor: scanned by the server, which leaves the data where they are, and parsed by the code that
/// protoc generates, which copies them. Public and open, because BenchmarkDotNet derives from it.
/// </summary>
public class MessageScanning
{
    private readonly ScannedRequest _scanned = new();
    private byte[] _message = [];
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _pieces;

    /// <summary>Bytes of the tensor: 16 floats, a row of 784, an image of 3 x 224 x 224.</summary>
    [Params(64, 3136, 602_112)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var request = new ModelInferRequest
        {
            ModelName = "model",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, Bytes / sizeof(float) } } },
            RawInputContents = { ByteString.CopyFrom(new byte[Bytes]) },
        };
        _message = request.ToByteArray();
        _whole = new ReadOnlySequence<byte>(_message);
        _pieces = Piece.Split(_message);
    }

    [Benchmark(Baseline = true)]
    public int Generated() => Generated(_whole);

    [Benchmark]
    public int GeneratedInPieces() => Generated(_pieces);

    [Benchmark]
    public int Server() => Scan(_whole);

    /// <summary>The message in the 4 KiB blocks of a pipe.</summary>
    [Benchmark]
    public int ServerInPieces() => Scan(_pieces);

    private static int Generated(in ReadOnlySequence<byte> message) => ModelInferRequest.Parser.ParseFrom(message).RawInputContents[0].Length;

    private int Scan(in ReadOnlySequence<byte> message)
    {
        _scanned.Clear();
        return ModelInferScanner.Scan(message, _scanned) is { } failure
            ? throw new InvalidOperationException(failure.Message)
            : (int)_scanned.RawContents[0].Length;
    }
}
