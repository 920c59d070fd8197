namespace Serving.Runtime.Batching.Planning;

/// <summary>What a run of a graph takes: learned from runs, or given as a table to the simulator.</summary>
internal interface IRunCost
{
    /// <summary>Measured over predicted time that one run in a hundred exceeds, at least 1.</summary>
    double Spread => 1;

    /// <summary>
    /// Seconds that a run of so many rows, each padded to a length, is expected to take; 0 while nothing is known. Never
    /// decreases with either.
    /// </summary>
    double Predict(int rows, int length);
}
