using System.Text.Json;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.Tasks;

/// <summary>Sends an answer that is formed as a whole.</summary>
internal static class JsonReply
{
    /// <summary>Sends what <paramref name="write"/> writes.</summary>
    public static async Task SendAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        await using var body = new JsonBody(context);
        using (var json = new Utf8JsonWriter(body.Json, JsonText.WriterOptions))
        {
            write(json);
        }

        await body.FinishAsync();
    }
}
