using System.Net;
using Serving.Soak.Clients;
using Serving.Soak.Questions;
using Serving.Soak.Reports;

namespace Serving.Soak.Acts;

/// <summary>Loads, unloads and replaces models while others use them.</summary>
internal sealed class Changer(Uri rest, SoakRepository repository, Ledger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public async Task RunAsync(CancellationToken stop)
    {
        using var client = new RestClient(rest);
        while (!stop.IsCancellationRequested)
        {
            foreach (var (call, model) in ((string, string)[])[("load", "coming"), ("unload", "coming"), ("load", "coming"), ("load", "encoder"), ("load", "mlp")])
            {
                await CallAsync(client, call, model);
            }

            repository.Move();
            await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
        }
    }

    private async Task CallAsync(RestClient client, string call, string model)
    {
        try
        {
            var (status, text) = await client.PostAsync($"/v2/repository/models/{model}/{call}").WaitAsync(Patience);
            ledger.Count(call, status == HttpStatusCode.OK ? Ending.Done : Ending.Wrong);
            if (status != HttpStatusCode.OK)
            {
                ledger.Problem($"{call} of {model}: {(int)status} {text}");
            }
        }
        catch (Exception e)
        {
            ledger.Count(call, Ending.Wrong);
            ledger.Problem($"{call} of {model}: {e.Message}");
        }
    }
}
