namespace Serving.Server.Health;

/// <summary>Whether the server was told to stop. Readiness goes first, requests in flight last.</summary>
internal sealed class DrainState
{
    private readonly CancellationTokenSource _draining = new();

    public bool IsDraining => _draining.IsCancellationRequested;

    /// <summary>Cancelled when draining begins; ends streams that would otherwise hold up the shutdown.</summary>
    public CancellationToken Draining => _draining.Token;

    public void Begin() => _draining.Cancel();
}
