using Serving.Server.Tests.Hosting;
using Serving.TestKit;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>Models come, go and are replaced under load, in a process of its own whose memory can be weighed.</summary>
public sealed class ReloadSoakTests
{
    private const int Cycles = 200;
    private const int Clients = 4;

    /// <summary>Pools, code and heaps have grown to their working size by then.</summary>
    private const int WarmUpCycles = 40;

    private const double MostGrowth = 1.1;

    private const string Staying = "distilbert-question-answering";
    private const string Changing = "bert-sequence-classification";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Server_LoadedUnloadedAndReloadedUnderLoad_FailsNoRequestAndGivesMemoryBack()
    {
        using var server = ChildServer.Start(
            "--repository", Zoo.Models[Staying], "--repository", Zoo.Models[Changing],
            "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--model-control-mode", "none", "--log-level", "warning");
        using var http = new HttpClient { BaseAddress = await server.ReadAddressAsync(), Timeout = Patience };
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => CallAsync(http, stop.Token)).ToList();

        await CycleAsync(http, WarmUpCycles);
        var (before, after) = await WeighAsync(server, http);
        if (after >= before * MostGrowth)
        {
            // On a busy machine heaps and code are still growing after the warm-up. What leaks grows as much again.
            (before, after) = await WeighAsync(server, http);
        }

        await stop.CancelAsync();
        var answered = await Task.WhenAll(clients).WaitAsync(Patience);

        Assert.All(answered, count => Assert.True(count > Cycles, $"a client was answered only {count} times"));
        Assert.True(after < before * MostGrowth, $"resident memory went from {before} to {after} bytes");
        await server.SignalAsync("TERM");
    }

    private static async Task<(long Before, long After)> WeighAsync(ChildServer server, HttpClient http)
    {
        var before = server.ResidentBytes();
        await CycleAsync(http, Cycles - WarmUpCycles);
        return (before, server.ResidentBytes());
    }

    // A cycle is a reload, an unload and a load.
    private static async Task CycleAsync(HttpClient http, int cycles)
    {
        for (var i = 0; i < cycles; i++)
        {
            foreach (var call in (string[])["load", "unload", "load"])
            {
                using var response = await http.PostAsync($"/v2/repository/models/{Changing}/{call}", null).WaitAsync(Patience);
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync().WaitAsync(Patience));
            }
        }
    }

    private static async Task<int> CallAsync(HttpClient http, CancellationToken stop)
    {
        var calls = new ZooRestCalls(http);
        var cases = Zoo.Cases(Staying);
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            Assert.Empty(await calls.AsBinaryAsync(Staying, cases[count % cases.Count]));
        }

        return count;
    }
}
