using System.Globalization;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.Tei;

/// <summary>The headers in which text-embeddings-inference says what a request took, in whole milliseconds.</summary>
internal static class TeiTimings
{
    public static void Set(HttpContext context, TaskReply reply, string provider, int characters, long tokens, TimeSpan total)
    {
        var stages = reply.Stages;
        var headers = context.Response.Headers;
        headers["x-compute-type"] = provider is "cpu" or "" ? "cpu" : "gpu";
        headers["x-compute-time"] = Whole((stages.Input + stages.Queue + stages.Infer + stages.Output).TotalMilliseconds);
        headers["x-compute-characters"] = characters.ToString(CultureInfo.InvariantCulture);
        headers["x-compute-tokens"] = tokens.ToString(CultureInfo.InvariantCulture);
        headers["x-total-time"] = Whole(total.TotalMilliseconds);
        headers["x-tokenization-time"] = Whole(stages.Input.TotalMilliseconds);
        headers["x-queue-time"] = Whole(stages.Queue.TotalMilliseconds);
        headers["x-inference-time"] = Whole(stages.Infer.TotalMilliseconds);
    }

    private static string Whole(double milliseconds) => ((long)milliseconds).ToString(CultureInfo.InvariantCulture);
}
