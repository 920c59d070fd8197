using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Serving.Runtime.Tensors;
using Serving.Server.Rest;
using Serving.Server.Rest.Json;

namespace Serving.MicroBenchmarks;

/// <summary>10,000 floats of a tensor as JSON. Public and open, because BenchmarkDotNet derives from it.</summary>
public class JsonWriting
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private float[] _values = [];

    [ParamsAllValues]
    public NumberKind Kind { get; set; }

    /// <summary>What was written last, without brackets.</summary>
    internal ReadOnlySpan<byte> Written => _written.WrittenSpan.Trim("[]"u8);

    [GlobalSetup]
    public void SetUp() => _values = Numbers.Of(Kind);

    [Benchmark(Baseline = true)]
    public int SystemTextJson()
    {
        _written.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_written))
        {
            writer.WriteStartArray();
            foreach (var value in _values)
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
        }

        return _written.WrittenCount;
    }

    /// <summary>As the server does, in pieces with a comma between, into memory of a pool.</summary>
    [Benchmark]
    public int Server()
    {
        using var json = new PooledBufferWriter(1024);
        WriteTo(json);
        return json.WrittenMemory.Length;
    }

    /// <summary>Writes as <see cref="Server"/> does and keeps it.</summary>
    internal ReadOnlySpan<byte> WriteOwn()
    {
        using var json = new PooledBufferWriter(1024);
        WriteTo(json);
        return json.WrittenMemory.ToArray();
    }

    private void WriteTo(PooledBufferWriter json)
    {
        for (var rest = MemoryMarshal.AsBytes<float>(_values); !rest.IsEmpty;)
        {
            rest = rest[TensorDataWriter.WritePiece(json, ElementType.Float32, rest)..];
            if (!rest.IsEmpty)
            {
                json.Write(","u8);
            }
        }
    }
}
