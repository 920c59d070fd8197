using Microsoft.Extensions.Options;
using Serving.Runtime.Models;

namespace Serving.Server.Hosting;

/// <summary>Tells the person at the console, after the first scan, where the server listens, what it serves and how to try it.</summary>
internal sealed partial class StartupSummary(
    IOptions<ServingOptions> options, Listeners listeners, EngineLife engine, TextWriter output, ILogger<StartupSummary> logger)
{
    /// <summary>How many failed models are told with their reasons; the repository index has them all.</summary>
    private const int MostFailures = 10;

    public void Write()
    {
        var index = engine.GetIndex();
        var ready = index.Where(model => model.State == ModelState.Ready).ToList();
        var failed = index.Where(model => model.State == ModelState.Unavailable).ToList();
        var rest = listeners.AddressOf(ListenerRoles.Rest);
        var grpc = listeners.AddressOf(ListenerRoles.Grpc);
        var metrics = new Uri(listeners.AddressOf(ListenerRoles.Metrics), "metrics");
        if (options.Value.LogFormat == LogFormat.Json)
        {
            LogServing(rest, grpc, metrics, ready.Count, failed.Count);
            return;
        }

        output.WriteLine($"  REST     {rest.GetLeftPart(UriPartial.Authority)}");
        output.WriteLine($"  gRPC     {grpc.Authority}{(grpc.Scheme == Uri.UriSchemeHttps ? " (TLS)" : "")}");
        output.WriteLine($"  metrics  {metrics}");
        WriteModels(ready.Count, failed);
        output.WriteLine($"  try      {TryLine.For(Curl(rest), rest, ready, engine.GetMetadata)}");
        output.Flush();
    }

    /// <summary>The certificate is for the server's name and not for this machine's, so it is not checked.</summary>
    private string Curl(Uri rest) => rest.Scheme == Uri.UriSchemeHttp ? "curl"
        : options.Value.TlsClientCa is null ? "curl --insecure"
        : "curl --insecure --cert CLIENT.pem --key CLIENT.key";

    private void WriteModels(int ready, List<ModelStatus> failed)
    {
        output.WriteLine($"  models   {ready} ready, {failed.Count} failed");
        if (ready + failed.Count == 0)
        {
            output.WriteLine(options.Value.Repository.Count == 0
                ? "           no repository: start with --repository DIR to serve the models of a folder"
                : $"           no model in {string.Join(", ", options.Value.Repository)}");
        }

        foreach (var model in failed.Take(MostFailures))
        {
            output.WriteLine($"           {model.Name}{(model.Version.Length > 0 ? " version " + model.Version : "")}: {model.Reason}");
        }

        if (failed.Count > MostFailures)
        {
            output.WriteLine($"           and {failed.Count - MostFailures} more");
        }
    }
}
