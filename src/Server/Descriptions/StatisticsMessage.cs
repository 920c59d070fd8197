using Serving.Contracts.Inference;
using Serving.Runtime.Statistics;
using ModelStatistics = Serving.Runtime.Statistics.ModelStatistics;

namespace Serving.Server.Descriptions;

/// <summary>
/// What models have done, as Triton's clients read it. Nothing is cached here, nothing answers a request more than once, and memory is not
/// known by model, so those parts are zero or empty, as Triton leaves them for such models.
/// </summary>
internal static class StatisticsMessage
{
    public static ModelStatisticsResponse Of(IEnumerable<ModelStatistics> models) => new() { ModelStats = { models.Select(Of) } };

    private static Contracts.Inference.ModelStatistics Of(ModelStatistics model) => new()
    {
        Name = model.Name,
        Version = model.Version,
        LastInference = (ulong)(model.LastInference?.ToUnixTimeMilliseconds() ?? 0),
        InferenceCount = (ulong)model.Rows,
        ExecutionCount = (ulong)model.Runs,
        InferenceStats = new InferStatistics
        {
            Success = Of(model.Success),
            Fail = Of(model.Failure),
            Queue = Of(model.Queue),
            ComputeInput = Of(model.Input),
            ComputeInfer = Of(model.Infer),
            ComputeOutput = Of(model.Output),
            CacheHit = new StatisticDuration(),
            CacheMiss = new StatisticDuration(),
        },
        BatchStats = { model.Batches.Select(Of) },
    };

    private static InferBatchStatistics Of(BatchStatistics batch) => new()
    {
        BatchSize = (ulong)batch.Rows,
        ComputeInput = Of(batch.Input),
        ComputeInfer = Of(batch.Infer),
        ComputeOutput = Of(batch.Output),
    };

    private static StatisticDuration Of(DurationTotal total) => new() { Count = (ulong)total.Count, Ns = (ulong)(total.Sum.Ticks * TimeSpan.NanosecondsPerTick) };
}
