namespace Serving.Runtime.Batching.Planning;

/// <summary>What a model's queue keeps to.</summary>
/// <param name="Limits">How large a batch may be.</param>
/// <param name="MaxRows">How many rows may wait; a single larger request may wait alone.</param>
/// <param name="MaxWait">Seconds that a request may wait; infinity for as long as it likes.</param>
/// <param name="Objective">Seconds within which a request that names no deadline should be answered; infinity for none.</param>
internal readonly record struct QueueRules(
    PlanLimits Limits, int MaxRows = int.MaxValue, double MaxWait = double.PositiveInfinity, double Objective = double.PositiveInfinity);
