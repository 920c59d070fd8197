namespace Serving.Soak.Watched;

/// <summary>What a quiet server holds.</summary>
/// <param name="ResidentBytes">Memory that the system keeps for it.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Files">Its open files, sockets included.</param>
internal sealed record Weight(long ResidentBytes, int Threads, int Files)
{
    /// <summary>What may come on top of the bound on memory: pools and heaps that a short warm-up has not filled.</summary>
    private const long SlackBytes = 128L << 20;

    /// <summary>What is more than it was by more than chance; none where nothing is.</summary>
    public IEnumerable<string> Growth(Weight before)
    {
        if (ResidentBytes > (before.ResidentBytes * 1.15) + SlackBytes)
        {
            yield return $"resident memory grew from {before} to {this}";
        }

        if (Threads > before.Threads + 16)
        {
            yield return $"threads grew from {before} to {this}";
        }

        if (Files > before.Files + 16)
        {
            yield return $"open files grew from {before} to {this}";
        }
    }

    public override string ToString() => $"{ResidentBytes >> 20} MiB, {Threads} threads, {Files} files";
}
