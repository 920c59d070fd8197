namespace Serving.Runtime.Simulation;

/// <summary>One line of the measures that are taken by simulation.</summary>
/// <param name="Name">P8, P9 or P10, and of what.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Bound">What it must reach.</param>
/// <param name="IsUpper">Whether it must not be above the bound, rather than not below it.</param>
/// <param name="Detail">What it was made of, for people.</param>
public sealed record MeasuredValue(string Name, double Value, double Bound, bool IsUpper, string Detail)
{
    /// <summary>Whether the bound is kept.</summary>
    public bool IsReached => IsUpper ? Value <= Bound : Value >= Bound;
}
