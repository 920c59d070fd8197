namespace Serving.MicroBenchmarks;

/// <summary>What kind of floats an array of JSON has; public because BenchmarkDotNet's parameters are.</summary>
public enum NumberKind
{
    /// <summary>From a normal distribution, as few digits as tell them apart.</summary>
    Normal,

    /// <summary>From 0 to 1 with a double's 17 digits, as Python's <c>tolist()</c> writes them.</summary>
    DoubleDigits,

    /// <summary>Whole numbers from 0 to 255.</summary>
    Pixels,
}
