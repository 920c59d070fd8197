using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>A connection that lies in memory: what the client's end writes, Kestrel reads, and the other way round.</summary>
internal sealed class PipeConnection : ConnectionContext, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature
{
    private readonly CancellationTokenSource _closed = new();

    public PipeConnection()
    {
        // Kestrel expects its own continuations on the pool, as sockets have them.
        var toServer = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(useSynchronizationContext: false));
        Transport = new Ends(toServer.Reader, toClient.Writer);
        Client = new Ends(toClient.Reader, toServer.Writer);
        ConnectionClosed = _closed.Token;
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
    }

    /// <summary>The client's end.</summary>
    public IDuplexPipe Client { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; } = "rehearsal";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        Transport.Input.Complete();
        Transport.Output.Complete();
        _closed.Cancel();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
