namespace Serving.Runtime.Simulation;

/// <summary>Replays traces of arrivals, far faster than life, through the policy that serves requests and through others.</summary>
public static class Replay
{
    /// <summary>Through the server's own policy.</summary>
    /// <param name="trace">What comes, by time.</param>
    /// <param name="costs">What runs take.</param>
    /// <param name="settings">The server.</param>
    public static SimulationReport Live(IReadOnlyList<Arrival> trace, CostTable costs, SimulationSettings settings) =>
        Through(new LiveQueue(costs.Cost, settings.Rules), trace, costs, settings);

    /// <summary>Through what many servers do: the oldest together, as many as fit.</summary>
    /// <inheritdoc cref="Live"/>
    public static SimulationReport Fifo(IReadOnlyList<Arrival> trace, CostTable costs, SimulationSettings settings) =>
        Through(new FifoQueue(settings.Limits), trace, costs, settings);

    /// <summary>
    /// What a server could do that spends no time but on runs and knows beforehand which way of forming batches suits the
    /// trace best: of batches in the order of arrival and of nearest lengths, each of at most 1, 2, 4, ... rows, and the
    /// server's own policy, the report with the least 99th percentile.
    /// </summary>
    /// <inheritdoc cref="Live"/>
    public static SimulationReport Ideal(IReadOnlyList<Arrival> trace, CostTable costs, SimulationSettings settings)
    {
        var best = Live(trace, costs, settings);
        for (var rows = 1; rows <= settings.MaxBatchRows; rows = rows < settings.MaxBatchRows ? Math.Min(2 * rows, settings.MaxBatchRows) : rows + 1)
        {
            var limits = settings.Limits with { MaxRows = rows };
            foreach (var queue in (ISimulatedQueue[])[new FifoQueue(limits), new NearestQueue(limits)])
            {
                var report = Through(queue, trace, costs, settings);
                best = report.Percentile(0.99) < best.Percentile(0.99) ? report : best;
            }
        }

        return best;
    }

    private static SimulationReport Through(ISimulatedQueue queue, IReadOnlyList<Arrival> trace, CostTable costs, SimulationSettings settings) =>
        Simulator.Replay(queue, trace, costs.Cost, new RunDraw(costs, settings.Seed).Next, settings.Workers);
}
