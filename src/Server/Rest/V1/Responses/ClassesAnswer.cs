using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Answers a <c>:classify</c> request: for each example the label and score of every class, in the order of the scores.</summary>
/// <param name="scores">The output of the scores.</param>
/// <param name="classes">The output of the labels; null where they are the model's, or the index of a class stands for it.</param>
internal sealed class ClassesAnswer(string scores, string? classes)
{
    /// <summary>What the answer is made from.</summary>
    public IReadOnlyList<string> Outputs { get; } = classes is null ? [scores] : [scores, classes];

    public async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response)
    {
        var output = response.Outputs.First(o => o.Name == scores);
        if (output.Shape.Rank != 2)
        {
            return InferenceFailure.InvalidInput(
                $":classify needs scores of shape [examples, classes], but output '{scores}' has shape {output.Shape}; use :predict");
        }

        var labels = response.Outputs.FirstOrDefault(o => o.Name == classes);
        if (classes is not null && (labels.Shape != output.Shape || BytesElements.FirstThatIsNoText(labels.Data.Span) >= 0))
        {
            return InferenceFailure.InvalidInput(
                $":classify needs a text in output '{classes}' for every score, but it has shape {labels.Shape} and the scores {output.Shape}; use :predict");
        }

        var known = response.OutputDetails.GetValueOrDefault(scores, OutputDetails.Unknown).Labels;
        await using var body = new JsonBody(context);
        await WriteAsync(body, output, labels.Data, known);
        await body.FinishAsync();
        return null;
    }

    private async ValueTask WriteAsync(JsonBody body, OutputTensor output, ReadOnlyMemory<byte> labels, IReadOnlyList<string> known)
    {
        var score = output.Data;
        body.Json.Write("{\"results\":["u8);
        for (var row = 0L; row < output.Shape[0]; row++)
        {
            body.Json.Write(row > 0 ? ",["u8 : "["u8);
            for (var index = 0L; index < output.Shape[1]; index++)
            {
                body.Json.Write(index > 0 ? ",["u8 : "["u8);
                labels = labels[WriteLabel(body.Json, labels.Span, known, index)..];
                body.Json.Write(","u8);
                score = score[ElementsWriter.Write(body.Json, output.Type, false, score.Span, 1).Bytes..];
                body.Json.Write("]"u8);
                if (body.IsFull)
                {
                    await body.SendAsync();
                }
            }

            body.Json.Write("]"u8);
        }

        body.Json.Write("]}"u8);
    }

    /// <summary>Writes the label of a class; returns how many bytes of the labels it took.</summary>
    private int WriteLabel(PooledBufferWriter json, ReadOnlySpan<byte> labels, IReadOnlyList<string> known, long index)
    {
        if (classes is not null)
        {
            return TensorDataWriter.WritePiece(json, ElementType.Bytes, labels);
        }

        JsonText.WriteString(json, index < known.Count ? known[(int)index] : index.ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
