using System.Collections.Frozen;
using Serving.Runtime.Batching;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tests.Batching;

public sealed class PendingRequestTests
{
    /// <summary>So many that a cancellation comes at the very moment of an answer again and again.</summary>
    private const int Rounds = 20_000;

    /// <summary>Turns by which the cancellation is ahead: in a trial these met in one round of ten.</summary>
    private const int LongestLead = 3;

    /// <summary>Longer than a work item takes to begin where a core is free.</summary>
    private const int ManyTurns = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A request that still knew of it would be taken for one that nobody waits for: it would never be answered.</summary>
    [Fact]
    public async Task TryAdd_RequestUsedAgainAfterACancellationThatCameWithItsAnswer_TakesIt()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        using var model = LoneModel.Load(folder["model/1"]);
        var request = Requests.To("model", Requests.Floats("x", [1, 1], 3));
        var outputs = model.Compute(model.Accept(request, CancellationToken.None), users: Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            using var client = new CancellationTokenSource();
            var pending = model.Accept(request, client.Token);
            Assert.True(new Batch().TryAdd(pending), $"the request of round {round} belongs to nobody");
            pending.EndReading();
            var isLeaving = false;
            var leaving = Task.Run(() =>
            {
                Volatile.Write(ref isLeaving, true);
                client.Cancel();
            });
            for (var turns = 0; !Volatile.Read(ref isLeaving); turns++)
            {
                // Giving way comes too late every time, so only where the other has no core.
                _ = turns > ManyTurns && Thread.Yield();
            }

            Thread.SpinWait(round % LongestLead);
            if (pending.TryAnswer(outputs, new ModelLabel("model", "1"), FrozenDictionary<string, OutputDetails>.Empty, offset: 0, default))
            {
                pending.Deliver();
            }

            var outcome = await pending.Task.AsTask().WaitAsync(Patience);
            await leaving.WaitAsync(Patience);
            if (outcome.TryGetValue(out var response, out var failure))
            {
                response.Dispose();
            }
            else
            {
                Assert.Equal(InferenceError.Cancelled, failure.Error);
            }
        }
    }
}
