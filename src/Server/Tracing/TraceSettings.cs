namespace Serving.Server.Tracing;

/// <summary>What is traced, of all models or of one, in the terms of Triton's trace extension.</summary>
/// <param name="File">The file, or the beginning of the files' names; empty for none.</param>
/// <param name="Timestamps">Whether traces with the times of each stage are taken.</param>
/// <param name="Rate">One request in so many is traced.</param>
/// <param name="Count">How many traces are still to be taken; -1 for no limit.</param>
/// <param name="LogFrequency">How many traces go to one file before the next begins; 0 for all to one.</param>
internal sealed record TraceSettings(string File, bool Timestamps, uint Rate, int Count, uint LogFrequency)
{
    /// <summary>Whether traces go to files whose names end with an index.</summary>
    public bool IsIndexed => LogFrequency > 0 || Count >= 0;

    /// <summary>Null where they can be put into effect, else why not, in Triton's words.</summary>
    public string? Problem => !Timestamps ? null
        : Rate == 0 ? "sample rate must be non-zero"
        : File.Length == 0 ? "trace file name is not given"
        : null;
}
