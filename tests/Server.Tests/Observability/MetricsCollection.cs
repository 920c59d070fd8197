namespace Serving.Server.Tests.Observability;

/// <summary>
/// OpenTelemetry listens to the meters of the whole process, so a scrape also sees the servers of other tests. Tests that
/// count run while no other does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsCollection
{
    public const string Name = "Metrics";
}
