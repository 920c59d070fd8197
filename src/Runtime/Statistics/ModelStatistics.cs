namespace Serving.Runtime.Statistics;

/// <summary>What a model version has done since it was loaded.</summary>
/// <param name="Name">The model's name as the repository spells it.</param>
/// <param name="Version">The version.</param>
public sealed record ModelStatistics(string Name, string Version)
{
    /// <summary>When the last run ended; null where there was none.</summary>
    public DateTimeOffset? LastInference { get; init; }

    /// <summary>Requests answered with a result, from their first byte until the answer could be written.</summary>
    public DurationTotal Success { get; init; }

    /// <summary>Requests that failed, for whatever reason.</summary>
    public DurationTotal Failure { get; init; }

    /// <summary>How long the successful requests waited.</summary>
    public DurationTotal Queue { get; init; }

    /// <summary>The successful requests' share in copying rows.</summary>
    public DurationTotal Input { get; init; }

    /// <summary>The successful requests' share in runs of the graph: for each, the whole run that it was in.</summary>
    public DurationTotal Infer { get; init; }

    /// <summary>The successful requests' share in cutting answers out.</summary>
    public DurationTotal Output { get; init; }

    /// <summary>The runs by their number of rows, ascending.</summary>
    public IReadOnlyList<BatchStatistics> Batches { get; init; } = [];

    /// <summary>Runs of the graph.</summary>
    public long Runs => Batches.Sum(static batch => batch.Runs);

    /// <summary>Rows that were run.</summary>
    public long Rows => Batches.Sum(static batch => batch.Runs * batch.Rows);
}
