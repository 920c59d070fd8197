using Microsoft.AspNetCore.WebUtilities;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest;

/// <summary>
/// Makes every REST error JSON with <c>error</c>: unknown routes, wrong verbs, broken HTTP and exceptions of ours. The one place
/// that turns exceptions into REST answers. gRPC requests pass untouched.
/// </summary>
internal sealed partial class RestErrors(RequestDelegate next, ILogger<RestErrors> logger)
{
    private const string RequestIdHeader = "X-Request-Id";

    /// <summary>A longer id is not sent back. Arbitrary.</summary>
    private const int LongestRequestId = 256;

    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentType?.StartsWith(MediaTypes.GrpcPrefix, StringComparison.OrdinalIgnoreCase) == true
            ? next(context)
            : HandleAsync(context);

    private async Task HandleAsync(HttpContext context)
    {
        EchoRequestId(context);
        try
        {
            await next(context);
            if (IsBareError(context.Response))
            {
                await ErrorResponse.WriteAsync(context, context.Response.StatusCode, ReasonPhrases.GetReasonPhrase(context.Response.StatusCode));
            }
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            LogClientGone(logger, context.Request.Path);
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        else if (exception is BadHttpRequestException bad && !context.Response.HasStarted)
        {
            LogBadRequest(logger, context.Request.Path, bad.Message);
            Restart(context);
            await ErrorResponse.WriteAsync(context, bad.StatusCode, bad.Message);
        }
        else
        {
            LogException(logger, context.Request.Path, exception);
            await FailAsync(context);
        }
    }

    private static async Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        Restart(context);
        await ErrorResponse.WriteAsync(context, InferenceFailure.BackendFailed("internal error; the server's log has the details"));
    }

    private static void Restart(HttpContext context)
    {
        context.Response.Clear();
        EchoRequestId(context);
    }

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null or 0, ContentType: null };

    private static void EchoRequestId(HttpContext context)
    {
        var id = context.Request.Headers[RequestIdHeader].ToString();
        if (id.Length is > 0 and <= LongestRequestId && !id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            context.Response.Headers[RequestIdHeader] = id;
        }
    }
}
