namespace Serving.Runtime.Batching.Planning;

/// <summary>What a run of a graph takes: learned from runs, or given as a table to the simulator.</summary>
internal interface IRunCost
{
    /// <summary>Seconds that a run of so many rows, each padded to a length, is expected to take. Never decreases with either.</summary>
    double Predict(int rows, int length);
}
