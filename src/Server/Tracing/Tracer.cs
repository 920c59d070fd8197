using Serving.Runtime.Inference;

namespace Serving.Server.Tracing;

/// <summary>Stands before the engine and takes the traces that the settings ask for.</summary>
internal sealed class Tracer(TraceState state, TraceWriter writer, TimeProvider time)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private long _traces;

    /// <summary>An engine's inference with the tracer before it.</summary>
    public Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>> Before(
        Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>> infer) =>
        (request, cancellationToken) => state.Sample(request.ModelName) is { } sampler
            ? TraceAsync(sampler, infer, request, cancellationToken)
            : infer(request, cancellationToken);

    private async ValueTask<Outcome<InferenceResponse>> TraceAsync(
        TraceSampler sampler,
        Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>> infer,
        InferenceRequest request,
        CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _traces);
        var queued = time.GetTimestamp();
        var outcome = await infer(request, cancellationToken);
        var ended = time.GetTimestamp();
        var answered = outcome.TryGetValue(out var response, out _);
        writer.Add(new TraceRecord(
            sampler,
            id,
            request.Id,
            response?.ModelName ?? request.ModelName,
            response?.ModelVersion ?? request.ModelVersion ?? "",
            ToNanoseconds(request.Received == 0 ? queued : request.Received),
            ToNanoseconds(queued),
            ToNanoseconds(ended),
            answered ? response!.Stages : null));
        return outcome;
    }

    private long ToNanoseconds(long timestamp) => (long)((Int128)timestamp * NanosecondsPerSecond / time.TimestampFrequency);
}
