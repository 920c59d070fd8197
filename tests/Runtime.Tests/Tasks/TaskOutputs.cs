using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>A task's answer, copied.</summary>
internal sealed class TaskOutputs
{
    private readonly Dictionary<string, (long[] Shape, Array Values)> _outputs = [];

    public TaskOutputs(InferenceResponse response)
    {
        foreach (var output in response.Outputs)
        {
            output.Shape.TryCountElements(out var count);
            var sequence = new ReadOnlySequence<byte>(output.Data);
            Array values = output.Type switch
            {
                ElementType.Float32 => MemoryMarshal.Cast<byte, float>(output.Data.Span).ToArray(),
                ElementType.Int64 => MemoryMarshal.Cast<byte, long>(output.Data.Span).ToArray(),
                _ => Array.ConvertAll(StringTensors.Split(sequence, (int)count), element => Encoding.UTF8.GetString(element)),
            };
            Assert.Equal(count, values.Length);
            _outputs.Add(output.Name, (output.Shape.ToArray(), values));
        }
    }

    public IEnumerable<string> Names => _outputs.Keys;

    public long[] Shape(string name) => _outputs[name].Shape;

    public float[] Floats(string name) => (float[])_outputs[name].Values;

    public long[] Longs(string name) => (long[])_outputs[name].Values;

    public string[] Texts(string name) => (string[])_outputs[name].Values;
}
