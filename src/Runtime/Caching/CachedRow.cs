using Serving.Runtime.Inference;

namespace Serving.Runtime.Caching;

/// <summary>The answer to a row, or the promise of it while somebody is finding it out.</summary>
/// <param name="key">The row.</param>
internal sealed class CachedRow(RowKey key)
{
    private readonly TaskCompletionSource<Outcome<OutputTensor[]>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RowKey Key => key;

    /// <summary>Completes when the answer, or the failure, of who asked first is known. The outputs lie in memory of the cache's own.</summary>
    public Task<Outcome<OutputTensor[]>> Answer => _answer.Task;

    /// <summary>What it takes in the cache; 0 until the answer is there.</summary>
    public long Bytes { get; private set; }

    /// <summary>Tells everybody who waits.</summary>
    public void Complete(Outcome<OutputTensor[]> answer)
    {
        // What an entry of a dictionary and a list, and their objects, take beside the bytes. Roughly.
        const int Overhead = 400;
        if (answer.TryGetValue(out var outputs, out _))
        {
            Bytes = key.Content.Length + outputs.Sum(output => (long)output.Data.Length) + Overhead;
        }

        _answer.TrySetResult(answer);
    }
}
