namespace Serving.Soak;

/// <summary>How long, how hard and with which dice.</summary>
/// <param name="Length">The time under load; a quarter of it warms the server up before it is weighed.</param>
/// <param name="Seed">Of the dice; two runs of one seed differ still, in what meets what.</param>
/// <param name="Clients">Clients that act at the same time, besides one that changes models.</param>
public sealed record SoakPlan(TimeSpan Length, int Seed, int Clients);
