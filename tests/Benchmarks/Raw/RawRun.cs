using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serving.Benchmarks.Models;

namespace Serving.Benchmarks.Raw;

/// <summary>Inputs and outputs of one shape, bound once, run again and again by one thread at a time.</summary>
internal sealed class RawRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    public RawRun(InferenceSession session, int rows, int length, bool keepsOutputs)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        foreach (var (name, node) in session.InputMetadata)
        {
            var shape = Shape(node, rows, length);
            var value = node.ElementDataType == TensorElementType.Int64
                ? OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, long>(TokenInput.Bytes(name, rows, length)).ToArray(), shape)
                : OrtValue.CreateTensorValueFromMemory(Floats(shape), shape);
            _values.Add(value);
            _binding.BindInput(name, value);
        }

        foreach (var (name, node) in session.OutputMetadata)
        {
            if (!keepsOutputs)
            {
                _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
                continue;
            }

            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, node.ElementDataType, Shape(node, rows, length));
            _values.Add(value);
            _binding.BindOutput(name, value);
        }
    }

    public void Execute() => _session.RunWithBinding(_options, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        _values.ForEach(value => value.Dispose());
    }

    private static long[] Shape(NodeMetadata node, int rows, int length) =>
        [.. node.Dimensions.Select((extent, axis) => extent > 0 ? extent : axis == 0 ? rows : (long)length)];

    private static float[] Floats(long[] shape)
    {
        var random = new Random(shape.Length);
        var values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle();
        }

        return values;
    }
}
