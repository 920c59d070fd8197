using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Tasks;

/// <summary>A task's answer, read by the names of its outputs. Disposing it gives its memory back.</summary>
/// <param name="response">The engine's answer.</param>
internal sealed class TaskReply(InferenceResponse response) : IDisposable
{
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
        var data = Of(output).Data;
        var elements = new List<ReadOnlyMemory<byte>>();
        while (!data.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.Span);
            elements.Add(data.Slice(sizeof(int), length));
            data = data[(sizeof(int) + length)..];
        }

        return elements;
    }

    public string[] Texts(string output) => [.. Bytes(output).Select(element => Encoding.UTF8.GetString(element.Span))];

    public void Dispose() => response.Dispose();
}
