namespace Serving.Server.Rest;

/// <summary>Puts <see cref="RestErrors"/> into the pipeline.</summary>
internal static class RestErrorsExtensions
{
    /// <summary>Answers REST errors as JSON. Before routing, so that it sees all of them.</summary>
    public static IApplicationBuilder UseRestErrors(this IApplicationBuilder app) => app.UseMiddleware<RestErrors>();
}
