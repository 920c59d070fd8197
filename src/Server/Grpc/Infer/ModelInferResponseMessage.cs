using System.Buffers;
using System.IO.Pipelines;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Outputs;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Infer;

/// <summary>
/// A ModelInferResponse, written from where the outputs lie. Outputs are always raw: clients read them by position,
/// and many of them understand nothing else.
/// </summary>
internal readonly struct ModelInferResponseMessage : IWireMessage
{
    /// <summary>
    /// Messages up to this length are written in one piece: asking the web server for memory takes a lock of its, as giving it back does.
    /// Half of its smallest block, so that it seldom begins another.
    /// </summary>
    private const int LongestInOne = 2048;

    /// <summary>The number of <c>raw_output_contents</c>.</summary>
    private const int RawField = 6;

    private readonly InferenceResponse _response;
    private readonly byte[]?[]? _placed;
    private readonly int _headLength;

    private ModelInferResponseMessage(InferenceResponse response, byte[]?[]? placed, int headLength, int length)
    {
        _response = response;
        _placed = placed;
        _headLength = headLength;
        Length = length;
    }

    public int Length { get; }

    /// <summary>Measures a response, which must live until it is written.</summary>
    /// <param name="response">The response.</param>
    /// <param name="demands">What was done with its outputs: those in shared memory are not sent.</param>
    public static Outcome<ModelInferResponseMessage> Create(InferenceResponse response, IReadOnlyList<OutputDemand>? demands = null)
    {
        var placed = PlacedOutput.EncodeAll(response.Outputs, demands ?? []);
        var head = WireWriter.TextSize(response.ModelName) + WireWriter.TextSize(response.ModelVersion) + WireWriter.TextSize(response.Id);
        long raw = 0;
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var output = response.Outputs[i];
            head += WireWriter.FieldSize(OutputSize(output, placed?[i]));
            raw += WireWriter.FieldSize(placed?[i] is null ? output.Data.Length : 0);
        }

        return head + raw <= int.MaxValue
            ? new ModelInferResponseMessage(response, placed, (int)head, (int)(head + raw))
            : InferenceFailure.TooLarge(
                $"the outputs take {head + raw} bytes, more than the {int.MaxValue} of the longest message; ask for fewer rows or outputs");
    }

    public ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        if (Length > LongestInOne)
        {
            return WritePiecesAsync(writer, cancellationToken);
        }

        var target = new WireWriter(writer.GetSpan(Length));
        WriteHead(ref target);
        for (var i = 0; i < _response.Outputs.Count; i++)
        {
            var data = DataOf(i).Span;
            target.WriteHeader(RawField, data.Length);
            target.WriteBytes(data);
        }

        writer.Advance(target.Written);
        return default;
    }

    private async ValueTask WritePiecesAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        WriteHead(writer);
        for (var i = 0; i < _response.Outputs.Count; i++)
        {
            var data = DataOf(i);
            WriteRawHeader(writer, data.Length);
            for (; data.Length > TransferLimits.Piece; data = data[TransferLimits.Piece..])
            {
                writer.Write(data.Span[..TransferLimits.Piece]);
                var flushed = await writer.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }

            writer.Write(data.Span);
        }
    }

    private static void WriteRawHeader(PipeWriter writer, int length)
    {
        const int Longest = 6;
        var header = new WireWriter(writer.GetSpan(Longest));
        header.WriteHeader(RawField, length);
        writer.Advance(header.Written);
    }

    private static long OutputSize(in OutputTensor output, byte[]? parameters)
    {
        var shape = ShapeSize(output.Shape);
        return WireWriter.TextSize(output.Name) + WireWriter.TextSize(output.Type.Name()) + (shape == 0 ? 0 : WireWriter.FieldSize(shape))
            + (parameters?.Length ?? 0);
    }

    private static long ShapeSize(TensorShape shape)
    {
        long size = 0;
        foreach (var axis in shape.Dims)
        {
            size += WireWriter.VarintSize((ulong)axis);
        }

        return size;
    }

    /// <summary>Clients find raw entries by position, so one that is not sent is empty.</summary>
    private ReadOnlyMemory<byte> DataOf(int output) => _placed?[output] is null ? _response.Outputs[output].Data : default;

    private void WriteHead(PipeWriter writer)
    {
        var head = new WireWriter(writer.GetSpan(_headLength));
        WriteHead(ref head);
        writer.Advance(head.Written);
    }

    private void WriteHead(ref WireWriter head)
    {
        head.WriteText(field: 1, _response.ModelName);
        head.WriteText(field: 2, _response.ModelVersion);
        head.WriteText(field: 3, _response.Id);
        for (var i = 0; i < _response.Outputs.Count; i++)
        {
            var output = _response.Outputs[i];
            head.WriteHeader(field: 5, OutputSize(output, _placed?[i]));
            head.WriteText(field: 1, output.Name);
            head.WriteText(field: 2, output.Type.Name());
            if (output.Shape.Rank > 0)
            {
                head.WriteHeader(field: 3, ShapeSize(output.Shape));
                foreach (var axis in output.Shape.Dims)
                {
                    head.WriteVarint((ulong)axis);
                }
            }

            head.WriteBytes(_placed?[i]);
        }
    }
}
