using System.Threading.Tasks.Sources;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// Takes a call through the steps of its method. It stays with its call and is used again, because an async method would cost memory
/// for each call that waits for the engine; what comes behind seldom waits.
/// </summary>
internal sealed class SteppedRun : IValueTaskSource
{
    private readonly Action _inferred;
    private CallRunner _runner = null!;
    private ManualResetValueTaskSourceCore<bool> _completion;
    private InferSteps _steps = null!;
    private ValueTask<Outcome<InferenceResponse>> _inferring;
    private bool _hasThrown;

    /// <param name="call">The call.</param>
    public SteppedRun(RpcCall call)
    {
        Call = call;
        _inferred = () => _ = FinishAsync(null);
    }

    public RpcCall Call { get; }

    /// <summary>Whether nobody holds on to the call when its run is over: a deadline's timer may be about to strike, and an exception leaves anything behind.</summary>
    public bool IsReusable => Call.Deadline == 0 && !_hasThrown;

    /// <summary>Runs a call that has begun. Never fails. Must be awaited, once.</summary>
    /// <param name="runner">Makes statuses of failures, and takes the run back.</param>
    /// <param name="steps">The method's.</param>
    /// <param name="refusal">Why the steps are not run; null to run them.</param>
    public ValueTask RunAsync(CallRunner runner, InferSteps steps, InferenceFailure? refusal)
    {
        (_runner, _steps, _hasThrown) = (runner, steps, false);
        var run = new ValueTask(this, _completion.Version);
        try
        {
            _inferring = refusal is null ? steps.Infer(Call) : default;
        }
        catch (Exception e)
        {
            _inferring = ValueTask.FromException<Outcome<InferenceResponse>>(e);
        }

        if (_inferring.IsCompleted)
        {
            _ = FinishAsync(refusal);
        }
        else
        {
            _inferring.ConfigureAwait(false).GetAwaiter().OnCompleted(_inferred);
        }

        return run;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _completion.GetResult(token);
        _completion.Reset();
        _runner.Return(this);
    }

    private async Task FinishAsync(InferenceFailure? refusal)
    {
        RpcStatus status;
        try
        {
            status = _runner.StatusOf(Call, refusal ?? await _steps.Respond(Call, await _inferring));
        }
        catch (Exception e)
        {
            status = _runner.Describe(Call, e);
            _hasThrown = true;
        }

        await _runner.EndAsync(Call, status);
        _completion.SetResult(true);
    }
}
