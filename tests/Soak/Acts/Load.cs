using Serving.Soak.Questions;
using Serving.Soak.Reports;
using Serving.Soak.Watched;

namespace Serving.Soak.Acts;

/// <summary>Clients and the one that changes models, for a while.</summary>
internal sealed class Load(SoakPlan plan, Addresses addresses, SoakRepository repository, IReadOnlyList<Question> encoded, Ledger ledger)
{
    /// <summary>All must be done so long after they were told to stop: the longest act and some.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public async Task RunAsync(TimeSpan length, int round)
    {
        using var stop = new CancellationTokenSource(length);
        var clients = Enumerable.Range(0, plan.Clients).Select(i => new Client(plan.Seed + (round * 1000) + i, addresses, encoded, ledger)).ToList();
        try
        {
            var changing = Task.Run(() => new Changer(addresses.Rest, repository, ledger).RunAsync(stop.Token), CancellationToken.None);
            await Task.WhenAll([changing, .. clients.Select(client => Task.Run(() => client.RunAsync(stop.Token), CancellationToken.None))])
                .WaitAsync(length + Patience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            ledger.Problem("clients did not come to an end");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
