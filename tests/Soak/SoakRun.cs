using Serving.Soak.Acts;
using Serving.Soak.Clients;
using Serving.Soak.Questions;
using Serving.Soak.Reports;
using Serving.Soak.Watched;

namespace Serving.Soak;

/// <summary>
/// Load of every kind on a real server: (1) asks the encoder alone what it answers, (2) warms up, waits for quiet and weighs the server,
/// (3) goes on for the rest of the time, waits and weighs again, (4) stops it.
/// </summary>
public static class SoakRun
{
    public static async Task<SoakReport> RunAsync(SoakPlan plan, Action<string> say)
    {
        using var repository = new SoakRepository();
        var ledger = new Ledger();
        var weights = new List<string>();
        var (server, addresses) = await SoakServer.StartAsync(repository.Path);
        using (server)
        {
            var encoded = await EncodedQuestions.AskAsync(addresses.Rest, plan.Seed);
            var load = new Load(plan, addresses, repository, encoded, ledger);
            await load.RunAsync(plan.Length / 4, round: 0);
            var warm = await WeighAsync("after the warm-up");
            await load.RunAsync(plan.Length - (plan.Length / 4), round: 1);
            var end = await WeighAsync("at the end");
            Report(end.Growth(warm));
            Report(await CompareAsync(server, addresses.Metrics, ledger));
            Report(await server.StopAsync());
        }

        return new SoakReport([.. ledger.Table()], weights, [.. ledger.Problems]);

        async Task<Weight> WeighAsync(string when)
        {
            say($"soak: quiet {when}");
            Report(await server.BecomeQuietAsync(addresses.Metrics));

            // A model that goes makes the server collect and give memory back.
            using (var client = new RestClient(addresses.Rest))
            {
                await client.PostAsync("/v2/repository/models/coming/load");
            }

            Report(await server.BecomeQuietAsync(addresses.Metrics));
            var weight = server.Weigh();
            weights.Add($"{when}: {weight}");
            return weight;
        }

        void Report(IEnumerable<string> problems)
        {
            foreach (var problem in problems)
            {
                ledger.Problem(problem);
            }
        }
    }

    // Clients that left early are not told, so the server may know of more.
    private static async Task<IReadOnlyList<string>> CompareAsync(SoakServer server, Uri metrics, Ledger ledger)
    {
        var problems = new List<string>();
        foreach (var (ending, outcome) in ((Ending, string)[])[(Ending.Right, "ok"), (Ending.Failed, "BackendFailed")])
        {
            var told = ledger.Total(ending);
            var counted = await server.SumAsync("serving_requests_total", metrics, $"outcome=\"{outcome}\"");
            if (counted < told)
            {
                problems.Add($"{told} requests ended {ending}, of which the server counted {counted}");
            }
        }

        return problems;
    }
}
