using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Answers rows with rows: <c>predictions</c> are the rows of the only output, or objects of the rows of several.</summary>
internal static class RowsAnswer
{
    public static async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response)
    {
        if ((AnswerChecks.Rows(response) ?? AnswerChecks.Texts(response)) is { } failure)
        {
            return failure;
        }

        await using var body = new JsonBody(context);
        body.Json.Write("{\"predictions\":"u8);
        if (response.Outputs is [var only])
        {
            await ColumnsAnswer.WriteValueAsync(body, new NestedWriter(only));
        }
        else
        {
            await WriteObjectsAsync(body, response.Outputs);
        }

        body.Json.Write("}"u8);
        await body.FinishAsync();
        return null;
    }

    private static async ValueTask WriteObjectsAsync(JsonBody body, IReadOnlyList<OutputTensor> outputs)
    {
        NestedWriter[] writers = [.. outputs.Select(output => new NestedWriter(output))];
        byte[][] keys = [.. outputs.Select(Key)];
        var rows = outputs.Count > 0 ? outputs[0].Shape[0] : 0;
        body.Json.Write("["u8);
        for (var row = 0L; row < rows; row++)
        {
            for (var i = 0; i < writers.Length; i++)
            {
                body.Json.Write(i > 0 ? ","u8 : row > 0 ? ",{"u8 : "{"u8);
                body.Json.Write(keys[i]);
                writers[i].Begin(1);
                while (writers[i].WritePiece(body.Json))
                {
                    if (body.IsFull)
                    {
                        await body.SendAsync();
                    }
                }
            }

            body.Json.Write("}"u8);
            if (body.IsFull)
            {
                await body.SendAsync();
            }
        }

        body.Json.Write("]"u8);
    }

    private static byte[] Key(OutputTensor output)
    {
        using var key = new PooledBufferWriter(0);
        JsonText.WriteString(key, output.Name);
        key.Write(":"u8);
        return key.WrittenMemory.ToArray();
    }
}
