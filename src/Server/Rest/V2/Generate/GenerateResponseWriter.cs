using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2.Generate;

/// <summary>
/// Sends an answer as flat JSON: each output under its name, one element alone and several as an array. As a stream the same
/// object is the only server-sent event. Full blocks are sent as they are formed.
/// </summary>
internal static class GenerateResponseWriter
{
    private const string EventStream = "text/event-stream; charset=utf-8";

    /// <summary>When a block of JSON is sent. Arbitrary: large against a packet, small against a cache.</summary>
    private const int FullBlock = 64 * 1024;

    private const int FirstBlock = 1024;

    /// <summary>Keys that are not outputs; an output of such a name can be had by /infer only.</summary>
    private static readonly string[] Reserved = ["id", "model_name", "model_version"];

    /// <summary>Null where the answer was sent, or why it cannot be; then nothing was.</summary>
    public static async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response, bool asEvent)
    {
        var failure = CheckTexts(response);
        if (failure is not null)
        {
            return failure;
        }

        context.Response.ContentType = asEvent ? EventStream : MediaTypes.Json;
        var coding = asEvent ? ContentCoding.Identity : ContentCodings.Choose(context.Request.Headers.AcceptEncoding);
        await using var body = new ResponseBody(context, coding);
        using var json = new PooledBufferWriter(FirstBlock);
        json.Write(asEvent ? "data: "u8 : default);
        WriteStart(json, response);
        var begun = await WriteOutputsAsync(json, response, body);
        json.Write(asEvent ? "}\n\n"u8 : "}"u8);
        if (!begun)
        {
            body.Begin(json.Length);
        }

        await body.WriteAsync(json.WrittenMemory);
        return null;
    }

    private static InferenceFailure? CheckTexts(InferenceResponse response)
    {
        foreach (var output in response.Outputs)
        {
            if (output.Type == ElementType.Bytes && BytesElements.FirstThatIsNoText(output.Data.Span) is var index and >= 0)
            {
                return InferenceFailure.InvalidInput(
                    $"output '{output.Name}' element {index} is not UTF-8 text and cannot be sent as JSON; use /infer and ask for it as binary data");
            }
        }

        return null;
    }

    private static void WriteStart(PooledBufferWriter json, InferenceResponse response)
    {
        json.Write("{"u8);
        if (response.Id is not null)
        {
            json.Write("\"id\":"u8);
            JsonText.WriteString(json, response.Id);
            json.Write(","u8);
        }

        json.Write("\"model_name\":"u8);
        JsonText.WriteString(json, response.ModelName);
        json.Write(",\"model_version\":"u8);
        JsonText.WriteString(json, response.ModelVersion);
    }

    /// <summary>True where blocks were sent already.</summary>
    private static async ValueTask<bool> WriteOutputsAsync(PooledBufferWriter json, InferenceResponse response, ResponseBody body)
    {
        var begun = false;
        foreach (var output in response.Outputs)
        {
            if (Reserved.Contains(output.Name))
            {
                continue;
            }

            var alone = output.Shape.TryCountElements(out var count) && count == 1;
            json.Write(","u8);
            JsonText.WriteString(json, output.Name);
            json.Write(alone ? ":"u8 : ":["u8);
            for (var data = output.Data; !data.IsEmpty;)
            {
                data = data[TensorDataWriter.WritePiece(json, output.Type, data.Span)..];
                json.Write(data.IsEmpty ? default : ","u8);
                if (json.Length < FullBlock)
                {
                    continue;
                }

                if (!begun)
                {
                    body.Begin(null);
                    begun = true;
                }

                await body.WriteAsync(json.WrittenMemory);
                json.Clear();
            }

            json.Write(alone ? default : "]"u8);
        }

        return begun;
    }
}
