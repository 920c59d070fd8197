namespace Serving.Runtime.Simulation;

/// <summary>A run under way.</summary>
/// <param name="Expected">When it should be done, as far as the queue knows.</param>
/// <param name="Finish">When it will be.</param>
internal readonly record struct Lane(double Expected, double Finish);
