using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Server.Errors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.Http;

/// <summary>Answers with <c>{"error": "..."}</c>, the only shape in which this server's REST errors come.</summary>
internal static class ErrorResponse
{
    /// <summary>When a refused client may try again where the engine does not know better. Arbitrary.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    public static Task WriteAsync(HttpContext context, InferenceFailure failure)
    {
        var retryAfter = failure.RetryAfter ?? (failure.Error == InferenceError.Overloaded ? DefaultRetryAfter : null);
        if (retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(context, ErrorTable.ToHttpStatus(failure.Error), failure.Message);
    }

    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        using var body = new PooledBufferWriter(256 + message.Length);
        body.Write("{\"error\":"u8);
        JsonText.WriteString(body, message);
        body.Write("}"u8);

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaTypes.Json;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
