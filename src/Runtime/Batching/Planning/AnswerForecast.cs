namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// When a request that comes now will be answered: the lanes finish what they run, then what is ahead at the rate of full
/// batches, shared fairly with other models, then the batch that the request will be in.
/// </summary>
/// <param name="Wait">Seconds until its run begins.</param>
/// <param name="Run">Seconds that its run takes.</param>
/// <param name="Margin">Seconds that it may take longer, one time in a hundred.</param>
internal readonly record struct AnswerForecast(double Wait, double Run, double Margin)
{
    /// <summary>Seconds until the answer, with what it may take longer.</summary>
    public double Total => Wait + Run + Margin;

    /// <summary>Batches are not all full, and those that a deadline keeps small cost more: so much longer is reckoned with. By simulation.</summary>
    private const double Reserve = 1.25;

    /// <param name="work">Seconds of runs that wait ahead in the same queue.</param>
    /// <param name="rows">Rows of the batch that the request will be in.</param>
    /// <param name="length">Its length.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="load">What else stands before it.</param>
    public static AnswerForecast Of(double work, int rows, int length, IRunCost cost, in LaneLoad load)
    {
        // In the time in which this queue gets its work done, each of the others gets no more done.
        var others = Math.Min(load.OtherWork, work * load.OtherModels);
        var wait = Math.Max(load.Soonest, (load.Remaining + ((work + others) * Reserve)) / load.Lanes);
        var run = cost.Predict(rows, length);

        // Runs that each take longer by chance add up like the root of their number.
        var runs = run > 0 ? 1 + (wait / run) : 1;
        return new AnswerForecast(wait, run, (cost.Spread - 1) * run * Math.Sqrt(runs));
    }
}
