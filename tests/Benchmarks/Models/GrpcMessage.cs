using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Serving.Contracts.Inference;

namespace Serving.Benchmarks.Models;

/// <summary>Requests as they go over the wire: five bytes of prefix, then a ModelInferRequest.</summary>
internal static class GrpcMessage
{
    /// <summary>The method that takes them.</summary>
    public const string Path = "/inference.GRPCInferenceService/ModelInfer";

    /// <summary>Bytes before each message.</summary>
    public const int PrefixLength = 5;

    /// <summary>One input with raw contents for each tensor.</summary>
    public static byte[] Infer(string model, params (string Name, string Datatype, long[] Shape, byte[] Data)[] inputs)
    {
        var request = new ModelInferRequest { ModelName = model };
        foreach (var (name, datatype, shape, data) in inputs)
        {
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = datatype, Shape = { shape } });
            request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(data));
        }

        var message = request.ToByteArray();
        var frame = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, PrefixLength);
        return frame;
    }

    /// <summary>One row of floats from a fixed seed, for an input named x.</summary>
    public static byte[] Floats(string model, int width)
    {
        var random = new Random(width);
        var data = new byte[width * sizeof(float)];
        for (var i = 0; i < width; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), random.NextSingle());
        }

        return Infer(model, ("x", "FP32", [1, width], data));
    }

    /// <summary>A text, for an input named text: four bytes of length, then UTF-8.</summary>
    public static byte[] Text(string model, string text)
    {
        var data = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32LittleEndian(data, data.Length - sizeof(int));
        Encoding.UTF8.GetBytes(text, data.AsSpan(sizeof(int)));
        return Infer(model, ("text", "BYTES", [1], data));
    }

    /// <summary>One row of token ids from a fixed seed with its mask, both INT64; inputs of other names hold zeros.</summary>
    public static byte[] Tokens(string model, IEnumerable<string> inputs, int length)
    {
        return Infer(model, [.. inputs.Select(name => (name, "INT64", (long[])[1, length], TokenInput.Bytes(name, 1, length)))]);
    }
}
