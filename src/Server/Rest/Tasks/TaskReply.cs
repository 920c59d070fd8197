using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Tasks;

/// <summary>A task's answer, read by the names of its outputs. Disposing it gives its memory back.</summary>
/// <param name="response">The engine's answer.</param>
internal sealed class TaskReply(InferenceResponse response) : IDisposable
{
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _elements = [];

    public StageTimes Stages => response.Stages;

    public IReadOnlyList<OutputTensor> Outputs => response.Outputs;

    public int Rows => response.Outputs is [var first, ..] ? (int)first.Shape[0] : 0;

    public bool Has(string output) => response.Outputs.Any(tensor => tensor.Name == output);

    public OutputTensor Of(string output) => response.Outputs.First(tensor => tensor.Name == output);

    public ReadOnlySpan<float> Floats(string output) => MemoryMarshal.Cast<byte, float>(Of(output).Data.Span);

    public ReadOnlySpan<long> Longs(string output) => MemoryMarshal.Cast<byte, long>(Of(output).Data.Span);

    /// <summary>The elements of an output of BYTES, where they lie.</summary>
    public List<ReadOnlyMemory<byte>> Bytes(string output)
    {
        if (_elements.TryGetValue(output, out var elements))
        {
            return elements;
        }

        var data = Of(output).Data;
        elements = [];
        while (!data.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.Span);
            elements.Add(data.Slice(sizeof(int), length));
            data = data[(sizeof(int) + length)..];
        }

        return _elements[output] = elements;
    }

    /// <summary>One element of an output of texts.</summary>
    public string Text(string output, int place) => Encoding.UTF8.GetString(Bytes(output)[place].Span);

    public string[] Texts(string output) => [.. Bytes(output).Select(element => Encoding.UTF8.GetString(element.Span))];

    /// <summary>How many classes a row has: where a threshold left some out, rows are filled up with labels that are empty.</summary>
    public int CountClasses(int row)
    {
        var width = (int)Of(TaskNames.Label).Shape[1];
        return Bytes(TaskNames.Label).GetRange(row * width, width).FindLastIndex(label => !label.IsEmpty) + 1;
    }

    public void Dispose() => response.Dispose();
}
