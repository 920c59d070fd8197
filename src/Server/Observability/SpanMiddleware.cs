using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Observability;

/// <summary>Completes the web framework's span of a request with what is known only at its end: the route and the status.</summary>
internal sealed class SpanMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
            {
                Complete(activity, context);
            }
        }
    }

    /// <summary>Named by the route and not the path, so that spans of all models can be told together.</summary>
    private static void Complete(Activity activity, HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        activity.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        activity.SetTag("http.route", route);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
