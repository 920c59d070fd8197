using System.Net;
using System.Text.Json;

namespace Serving.Server.Tests.Rest;

internal static class HttpAssert
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>The response is an error of this status, JSON with nothing but a text in <c>error</c>, which is returned.</summary>
    public static async Task<string> ErrorAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var json = JsonDocument.Parse(body);
        var property = Assert.Single(json.RootElement.EnumerateObject());
        Assert.Equal("error", property.Name);
        return property.Value.GetString()!;
    }
}
