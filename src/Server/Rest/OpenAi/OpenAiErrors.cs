using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Server.Errors;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi;

/// <summary>Errors as OpenAI's clients read them.</summary>
internal static class OpenAiErrors
{
    public static Task WriteAsync(HttpContext context, InferenceFailure failure)
    {
        var (status, type, code) = failure.Error switch
        {
            InferenceError.Overloaded => (StatusCodes.Status429TooManyRequests, "rate_limit_error", "rate_limit_exceeded"),
            InferenceError.NotFound => (StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found"),
            InferenceError.TooLarge => (StatusCodes.Status400BadRequest, "invalid_request_error", "context_length_exceeded"),
            InferenceError.InvalidInput or InferenceError.Unsupported => (StatusCodes.Status400BadRequest, "invalid_request_error", null),
            _ => (ErrorTable.ToHttpStatus(failure.Error), "server_error", (string?)null),
        };
        if (failure.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return JsonReply.SendAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("error");
                json.WriteString("message", failure.Message);
                json.WriteString("type", type);
                json.WriteNull("param");
                json.WriteString("code", code);
                json.WriteEndObject();
                json.WriteEndObject();
            },
            status);
    }
}
