using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Server.Errors;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary>Errors as text-embeddings-inference answers them.</summary>
internal static class TeiErrors
{
    public static Task WriteAsync(HttpContext context, InferenceFailure failure)
    {
        var (status, type) = failure.Error switch
        {
            InferenceError.Overloaded => (StatusCodes.Status429TooManyRequests, "Overloaded"),
            InferenceError.InvalidInput or InferenceError.TooLarge => (StatusCodes.Status413PayloadTooLarge, "Validation"),
            InferenceError.BackendFailed => (StatusCodes.Status424FailedDependency, "Backend"),
            InferenceError.NotReady or InferenceError.Unavailable => (StatusCodes.Status503ServiceUnavailable, "Unhealthy"),
            _ => (ErrorTable.ToHttpStatus(failure.Error), failure.Error.ToString()),
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
                json.WriteString("error", failure.Message);
                json.WriteString("error_type", type);
                json.WriteEndObject();
            },
            status);
    }
}
