namespace Serving.Runtime.Simulation;

/// <summary>The tables that measures are taken with; their files lie in the folder Tables.</summary>
public static class ExampleTables
{
    /// <summary>0.1 ms to start a run and 1.1 us a token: BERT-base in single precision on a large card, its launches recorded.</summary>
    public const string Accelerator = "accelerator";

    /// <summary>0.38 ms and 92.4 us a token: four layers of width 256 on one core of a small machine, where batching hardly pays.</summary>
    public const string Processor = "processor";

    public static IReadOnlyList<string> Names { get; } = [Accelerator, Processor];

    /// <summary>Reads one of them.</summary>
    public static CostTable Read(string name)
    {
        using var stream = typeof(ExampleTables).Assembly.GetManifestResourceStream($"Serving.Runtime.Simulation.Tables.{name}.json")
            ?? throw new ArgumentException($"there is no table '{name}'", nameof(name));
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return CostTableReader.Read(copy.ToArray());
    }
}
