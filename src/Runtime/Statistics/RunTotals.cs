namespace Serving.Runtime.Statistics;

/// <summary>The sums over the runs with one number of rows, in the clock's ticks.</summary>
internal sealed class RunTotals
{
    private long _runs;
    private long _input;
    private long _infer;
    private long _output;

    public void Add(TimeSpan input, TimeSpan infer)
    {
        Interlocked.Add(ref _input, input.Ticks);
        Interlocked.Add(ref _infer, infer.Ticks);
        Interlocked.Increment(ref _runs);
    }

    public void AddOutput(TimeSpan output) => Interlocked.Add(ref _output, output.Ticks);

    public BatchStatistics Read(int rows)
    {
        var runs = Interlocked.Read(ref _runs);
        return new BatchStatistics(rows, Total(ref _input), Total(ref _infer), Total(ref _output));

        DurationTotal Total(ref long ticks) => new(runs, new TimeSpan(Interlocked.Read(ref ticks)));
    }
}
