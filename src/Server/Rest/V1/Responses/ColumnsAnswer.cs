using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Answers tensors with tensors: <c>outputs</c> is the only output, or an object of several.</summary>
internal static class ColumnsAnswer
{
    public static async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response)
    {
        if (AnswerChecks.Texts(response) is { } failure)
        {
            return failure;
        }

        await using var body = new JsonBody(context);
        var isNamed = response.Outputs.Count != 1;
        body.Json.Write(isNamed ? "{\"outputs\":{"u8 : "{\"outputs\":"u8);
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var output = response.Outputs[i];
            if (isNamed)
            {
                body.Json.Write(i > 0 ? ","u8 : default);
                JsonText.WriteString(body.Json, output.Name);
                body.Json.Write(":"u8);
            }

            await WriteValueAsync(body, new NestedWriter(output));
        }

        body.Json.Write(isNamed ? "}}"u8 : "}"u8);
        await body.FinishAsync();
        return null;
    }

    /// <summary>Writes a whole output.</summary>
    public static async ValueTask WriteValueAsync(JsonBody body, NestedWriter output)
    {
        output.Begin(0);
        while (output.WritePiece(body.Json))
        {
            if (body.IsFull)
            {
                await body.SendAsync();
            }
        }
    }
}
