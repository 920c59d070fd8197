using System.Runtime.InteropServices;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.MicroBenchmarks;

/// <summary>10,000 floats from a JSON array into a tensor. Public and open, because BenchmarkDotNet derives from it.</summary>
public class JsonReading
{
    private readonly float[] _target = new float[Numbers.Count];
    private readonly TensorShape _shape = new(Numbers.Count);
    private byte[] _json = [];

    [ParamsAllValues]
    public NumberKind Kind { get; set; }

    [GlobalSetup]
    public void SetUp() => _json = Numbers.Json(Kind, Numbers.Of(Kind));

    /// <summary>A bare loop into memory that is there already.</summary>
    [Benchmark(Baseline = true)]
    public float SystemTextJson()
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        for (var i = 0; reader.Read() && reader.TokenType == JsonTokenType.Number; i++)
        {
            _target[i] = reader.GetSingle();
        }

        return _target[^1];
    }

    /// <summary>As the server does: nesting and count checked, the tensor's memory rented and given back.</summary>
    [Benchmark]
    public float Server()
    {
        var reader = new Utf8JsonReader(_json, JsonText.ReaderOptions);
        reader.Read();
        if (!TensorDataReader.Read(ref reader, _json, "x", ElementType.Float32, _shape).TryGetValue(out var block, out var failure))
        {
            throw new InvalidOperationException(failure.Message);
        }

        using (block)
        {
            return MemoryMarshal.Cast<byte, float>(block.WrittenMemory.Span)[^1];
        }
    }
}
