using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Rest.V2.Responses;

/// <summary>
/// Sends an inference's answer. 1. JSON is formed in a block of the pool, numbers in place. 2. Where every output is JSON, a full
/// block is sent and used again; a body that fits one block has a length. 3. Where an output is raw, the JSON is finished first,
/// because its length is a header, and the outputs follow from where the engine left them.
/// </summary>
internal static class InferResponseWriter
{
    /// <summary>When a block of JSON is sent. Arbitrary: large against a packet, small against a cache.</summary>
    private const int FullBlock = 64 * 1024;

    private const int FirstBlock = 1024;

    /// <summary>Null where the answer was sent, or why it cannot be; then nothing was.</summary>
    public static async ValueTask<InferenceFailure?> WriteAsync(HttpContext context, InferenceResponse response, RequestedOutputs requested)
    {
        var failure = CheckTexts(response, requested);
        if (failure is not null)
        {
            return failure;
        }

        var coding = ContentCodings.Choose(context.Request.Headers.AcceptEncoding);
        await using var body = new ResponseBody(context, coding);
        using var json = new PooledBufferWriter(FirstBlock);
        var binaryBytes = CountBinaryBytes(response, requested);
        var streams = binaryBytes == 0;
        context.Response.ContentType = streams ? MediaTypes.Json : MediaTypes.Binary;
        var begun = await WriteJsonAsync(json, response, requested, streams ? body : null);
        if (!streams)
        {
            context.Response.Headers[InferHeaders.JsonLengthHeader] = json.Length.ToString(CultureInfo.InvariantCulture);
        }

        if (!begun)
        {
            body.Begin(json.Length + binaryBytes);
        }

        await body.WriteAsync(json.WrittenMemory);
        if (!streams)
        {
            await WriteBinaryAsync(body, response, requested);
        }

        return null;
    }

    private static InferenceFailure? CheckTexts(InferenceResponse response, RequestedOutputs requested)
    {
        foreach (var output in response.Outputs)
        {
            if (output.Type == ElementType.Bytes && !requested.IsBinary(output.Name) && requested.PlaceOf(output.Name) is null
                && BytesElements.FirstThatIsNoText(output.Data.Span) is var index and >= 0)
            {
                return InferenceFailure.InvalidInput(
                    $"output '{output.Name}' element {index} is not UTF-8 text and cannot be sent as JSON; "
                    + "request it with parameters.binary_data: true");
            }
        }

        return null;
    }

    private static long CountBinaryBytes(InferenceResponse response, RequestedOutputs requested)
    {
        var bytes = 0L;
        foreach (var output in response.Outputs)
        {
            bytes += requested.IsBinary(output.Name) ? output.Data.Length : 0;
        }

        return bytes;
    }

    /// <summary>Forms the JSON and sends full blocks of it to <paramref name="body"/>, unless that is null. True where some were sent.</summary>
    private static async ValueTask<bool> WriteJsonAsync(
        PooledBufferWriter json, InferenceResponse response, RequestedOutputs requested, ResponseBody? body)
    {
        var begun = false;
        ResponseJson.WriteStart(json, response);
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var output = response.Outputs[i];
            if (requested.PlaceOf(output.Name) is { } place)
            {
                ResponseJson.WritePlaced(json, output, place, first: i == 0);
                continue;
            }

            var isBinary = requested.IsBinary(output.Name);
            ResponseJson.WriteOutput(json, output, isBinary, first: i == 0);
            for (var data = isBinary ? default : output.Data; !data.IsEmpty;)
            {
                data = data[TensorDataWriter.WritePiece(json, output.Type, data.Span)..];
                json.Write(data.IsEmpty ? default : ","u8);
                if (body is null || json.Length < FullBlock)
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

            ResponseJson.WriteOutputEnd(json, isBinary);
        }

        ResponseJson.WriteEnd(json);
        return begun;
    }

    private static async ValueTask WriteBinaryAsync(ResponseBody body, InferenceResponse response, RequestedOutputs requested)
    {
        foreach (var output in response.Outputs)
        {
            if (requested.IsBinary(output.Name))
            {
                await body.WriteAsync(output.Data);
            }
        }
    }
}
