namespace Serving.Runtime.Models;

/// <summary>What a run of one size takes.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Length">The length that each is padded to, the product where there are several; 1 for a model whose rows are not padded.</param>
/// <param name="Seconds">The time, of which about the last ten runs near this size decide.</param>
public readonly record struct CostPoint(int Rows, int Length, double Seconds);
