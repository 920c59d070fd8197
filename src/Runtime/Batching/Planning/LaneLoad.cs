namespace Serving.Runtime.Batching.Planning;

/// <summary>What stands before a queue besides what waits in it. A lane is one of the runs that there may be at a time.</summary>
/// <param name="Lanes">How many there are.</param>
/// <param name="Soonest">Seconds until one of them is free; 0 where one is.</param>
/// <param name="Remaining">Seconds that the runs under way still take, added up.</param>
/// <param name="OtherWork">Seconds of runs that wait in other models' queues.</param>
/// <param name="OtherModels">How many other models wait.</param>
internal readonly record struct LaneLoad(int Lanes, double Soonest = 0, double Remaining = 0, double OtherWork = 0, int OtherModels = 0);
