using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Tasks.Images;

/// <summary>The answer of a task over pictures, copied; elements of bytes stay bytes.</summary>
internal sealed class PictureAnswer
{
    private readonly Dictionary<string, (long[] Shape, ElementType Type, byte[] Data)> _outputs;

    public PictureAnswer(InferenceResponse response) =>
        _outputs = response.Outputs.ToDictionary(output => output.Name, output => (output.Shape.ToArray(), output.Type, output.Data.ToArray()));

    public IEnumerable<string> Names => _outputs.Keys;

    public long[] Shape(string name) => _outputs[name].Shape;

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(_outputs[name].Data).ToArray();

    public long[] Longs(string name) => MemoryMarshal.Cast<byte, long>(_outputs[name].Data).ToArray();

    public byte[][] Files(string name)
    {
        var (shape, _, data) = _outputs[name];
        return Array.ConvertAll(StringTensors.Split(new ReadOnlySequence<byte>(data), (int)shape.Aggregate(1L, (product, extent) => product * extent)), element => element.ToArray());
    }

    public string[] Texts(string name) => Array.ConvertAll(Files(name), Encoding.UTF8.GetString);
}
