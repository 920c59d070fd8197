using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>
/// Sends requests through a second server in this process before the first is ready, while that loads its models: what runs
/// for the first time is compiled and initialised then, and not while the first client waits. The second server has one tiny
/// model, no port, no logs and metrics that nobody collects; nothing of it is seen, and it is gone when this is over.
/// </summary>
internal sealed partial class DressRehearsal(RehearsalOptions options, ILogger<DressRehearsal> logger)
{
    /// <summary>A method is compiled again, with optimisations, after 30 calls; twice where it is profiled in between.</summary>
    private const int Rounds = 64;

    /// <summary>Calls at a time over HTTP/2, so that batches form.</summary>
    private const int Streams = 4;

    /// <summary>Where it takes longer than this, the machine has no time to spare for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Rehearses. Fails in no way but by cancellation: a server that could not rehearse serves all the same.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return;
        }

        try
        {
            await RehearseAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
        }
    }

    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        // Off the caller's thread, which goes on to load models.
        await Task.Yield();
        var transport = new PipeTransport();
        var settings = new ServingOptions { Port = 0, Threads = 1, SettleTime = TimeSpan.Zero, DrainTimeout = TimeSpan.Zero };
        settings.Repository.Add(Path.Combine(AppContext.BaseDirectory, "Hosting", "Rehearsal", "Models"));
        await using var app = ServingHost.Build(settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(new RehearsalOptions(Enabled: false));
            builder.Services.AddSingleton(new SignalOptions(Handle: false));
            builder.Services.AddSingleton(TextWriter.Null);
            builder.Services.AddSingleton(UnseenMeters.Prefix);
            builder.Services.AddSingleton<IMeterFactory, UnseenMeters>();
            builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        });
        await app.StartAsync(cancellationToken);
        await app.Services.GetRequiredService<EngineService>().Started.WaitAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var rounds = await Task.WhenAll(RestAsync(transport, patience.Token), GrpcAsync(transport, patience.Token));
        LogRehearsed(rounds[0], rounds[1]);
        await app.StopAsync(cancellationToken);
    }

    private static async Task<int> RestAsync(PipeTransport transport, CancellationToken stop)
    {
        await using var connection = transport.Connect();
        var client = new Http1Client(connection.Client);
        var done = 0;
        try
        {
            while (done < Rounds
                && await client.SendAsync(RehearsalRequests.Get($"/v2/models/{RehearsalRequests.Model}/ready"), stop)
                && await client.SendAsync(RehearsalRequests.Json(Length(done)), stop)
                && await client.SendAsync(RehearsalRequests.Binary(Length(done)), stop))
            {
                done++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return done;
        }

        return done;
    }

    private static async Task<int> GrpcAsync(PipeTransport transport, CancellationToken stop)
    {
        await using var connection = transport.Connect();
        var client = new Http2Client(connection.Client);
        var done = 0;
        try
        {
            client.Open();
            while (done < Rounds && await client.SendAsync(
                [.. Enumerable.Range(done, Streams).Select(i => RehearsalRequests.Grpc(Length(i)))], RehearsalRequests.GrpcHeaders, stop))
            {
                done++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return done;
        }

        return done;
    }

    // Equal lengths and others meet in a batch; each is short enough to cost nothing.
    private static int Length(int round) => 8 + (round % 3 * 20);

    [LoggerMessage(1008, LogLevel.Debug, "Rehearsed {Rest} rounds over REST and {Grpc} over gRPC.")]
    private partial void LogRehearsed(int rest, int grpc);

    [LoggerMessage(1009, LogLevel.Debug, "The rehearsal failed; the first requests will be slower.")]
    private partial void LogFailed(Exception exception);
}
