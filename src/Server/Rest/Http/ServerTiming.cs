using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Http;

/// <summary>The <c>Server-Timing</c> header: the stages of an inference in milliseconds.</summary>
internal static class ServerTiming
{
    private const string AskHeader = "X-Server-Timing";
    private const string Header = "Server-Timing";

    /// <summary>Sets the header where the server sends it always or the request asks for it.</summary>
    public static void Set(HttpContext context, bool always, in StageTimes stages)
    {
        if (always || context.Request.Headers[AskHeader] == "1")
        {
            context.Response.Headers[Header] = ServerTimingText.Format(stages);
        }
    }
}
