using System.Diagnostics;

namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>A client that goes away in the middle of a task's work.</summary>
[Collection(SlowCollection.Name)]
public sealed class AbandonedTaskTests(SlowServer server)
{
    private const int Texts = 12;

    [Theory]
    [InlineData("/models/slow", "{\"inputs\":[TEXTS]}")]
    [InlineData("/models/slow/embed", "{\"inputs\":[TEXTS]}")]
    [InlineData("/v1/embeddings", "{\"model\":\"slow\",\"input\":[TEXTS]}")]
    public async Task Post_ClientGoesAway_NothingIsLeftBehind(string path, string json)
    {
        var texts = string.Join(',', Enumerable.Repeat(SlowServer.Words(30_000), Texts));
        var rented = await server.MeasureAsync("serving_buffer_pool_rented_bytes");
        var rows = await server.MeasureAsync("serving_rows_total", "slow.graph");
        using var stop = new CancellationTokenSource();
        var call = server.PostAsync(path, json.Replace("TEXTS", texts, StringComparison.Ordinal), stop.Token);
        await UntilAsync(async () => await server.MeasureAsync("serving_queue_rows", "slow.graph") > 0, "the request's rows wait");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(async () => await server.MeasureAsync("serving_queue_rows") == 0, "no row waits");
        await UntilAsync(async () => await server.MeasureAsync("serving_buffer_pool_rented_bytes") == rented, "the memory is given back");

        // The scrape is the only request under way.
        await UntilAsync(async () => await server.MeasureAsync("http_server_active_requests") == 1, "no request is under way");
        Assert.InRange(await server.MeasureAsync("serving_rows_total", "slow.graph") - rows, 0, Texts - 1);
        using var next = await server.PostAsync("/models/slow", """{"inputs":"one"}""");
        Assert.True(next.IsSuccessStatusCode);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < SlowServer.Patience, $"still not so: {what}");
        }
    }
}
