using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Graphs;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>
/// Weights from files beside a graph, in memory of our own for as long as the session lives. Left to itself, ONNX Runtime
/// maps the files, and whoever writes over one that is being served ends the whole process with a bus error.
/// </summary>
internal sealed unsafe class ExternalWeights : IDisposable
{
    /// <summary>The system reads at most 2 GiB a call.</summary>
    private const int LargestRead = 1 << 30;

    private readonly List<(string Name, OrtValue Value, IntPtr Memory)> _weights = [];

    private ExternalWeights()
    {
    }

    /// <summary>Reads every weight whose type and size are known; the others are left to ONNX Runtime. Null where there is none.</summary>
    public static ExternalWeights? Read(string folder, IReadOnlyList<ExternalTensor> tensors)
    {
        if (tensors.Count == 0)
        {
            return null;
        }

        var weights = new ExternalWeights();
        try
        {
            foreach (var file in tensors.GroupBy(t => t.Location))
            {
                using var handle = File.OpenHandle(Path.Combine(folder, file.Key));
                foreach (var tensor in file)
                {
                    if (tensor is { Type: { } type and not ElementType.Bytes, ByteCount: { } bytes })
                    {
                        weights.Read(handle, tensor, type, bytes);
                    }
                }
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public void AddTo(SessionOptions options)
    {
        foreach (var (name, value, _) in _weights)
        {
            options.AddInitializer(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (_, value, memory) in _weights)
        {
            value.Dispose();
            NativeMemory.AlignedFree((void*)memory);
        }

        _weights.Clear();
    }

    private void Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, ExternalTensor tensor, ElementType type, long bytes)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 64);
        var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type.ToOnnx(), tensor.Shape.ToArray(), (IntPtr)memory, bytes);
        _weights.Add((tensor.Name, value, (IntPtr)memory));
        for (var done = 0L; done < bytes;)
        {
            var count = RandomAccess.Read(file, new Span<byte>(memory + done, (int)Math.Min(bytes - done, LargestRead)), tensor.Offset + done);
            done += count > 0 ? count : throw new IOException($"the weights file '{tensor.Location}' ended while it was read");
        }
    }
}
