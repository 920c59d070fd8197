namespace Serving.Server.Grpc.Infer;

/// <summary>What one ModelInfer call needs until it is answered; the next call on the same memory begins it anew.</summary>
internal sealed class InferExchange : IDisposable
{
    /// <summary>The request as the message has it.</summary>
    public ScannedRequest Scanned { get; } = new();

    /// <summary>The request for the engine.</summary>
    public PreparedRequest Prepared { get; } = new() { IsReused = true };

    public void Begin()
    {
        Scanned.Clear();
        Prepared.Clear();
    }

    /// <summary>The answer has been delivered: memory is given back, and the message is let go of.</summary>
    public void Dispose()
    {
        Prepared.Dispose();
        Scanned.Clear();
    }
}
