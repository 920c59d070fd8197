using System.Collections.Immutable;
using Serving.Runtime.Configuration;
using Serving.Runtime.Models;
using Serving.Runtime.Statistics;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Descriptions;

/// <summary>A model's descriptions with something in every part.</summary>
internal static class SampleDescriptions
{
    public static ModelConfiguration Configuration { get; } = new("m", "onnx/model.onnx", 1)
    {
        Versions = new VersionPolicy.Specific([3, 4]),
        MaxBatchSize = 8,
        MaxQueueRows = 100,
        QueueTimeout = TimeSpan.FromMilliseconds(1.5),
        Inputs =
        [
            new(new("ids", ElementType.Int64, new TensorShape(-1, -1), []), [-1], ""),
            new(new("more", ElementType.Bytes, new TensorShape(-1, 2), [], Optional: true), [2], ""),
        ],
        Outputs = [new(new("y", ElementType.Float16, new TensorShape(-1, 5), []), [5], "labels.txt")],
        Accelerators = [new("tensorrt", ImmutableDictionary<string, string>.Empty.Add("trt_fp16_enable", "1"))],
        Written = new ModelConfig
        {
            IntraOpThreads = 2,
            Optimization = OptimizationLevel.Basic,
            WarmupShapes = [Shape(("ids", [4, 7]), ("more", [4, 2])), Shape(("ids", [4, 7]), ("more", [1, 2]))],
            SessionEntries = ImmutableDictionary<string, string>.Empty.Add("session.x", "1"),
            CustomOps = ["ops.so"],
        },
    };

    public static ModelStatistics Statistics { get; } = new("m", "3")
    {
        LastInference = DateTimeOffset.UnixEpoch.AddMilliseconds(1234),
        Success = new(5, TimeSpan.FromTicks(50)),
        Failure = new(1, TimeSpan.FromTicks(7)),
        Queue = new(5, TimeSpan.FromTicks(1)),
        Input = new(5, TimeSpan.FromTicks(2)),
        Infer = new(5, TimeSpan.FromTicks(3)),
        Output = new(5, TimeSpan.FromTicks(4)),
        Batches =
        [
            new(1, new(1, TimeSpan.FromTicks(1)), new(1, TimeSpan.FromTicks(2)), new(1, TimeSpan.FromTicks(3))),
            new(4, new(2, TimeSpan.FromTicks(4)), new(2, TimeSpan.FromTicks(5)), new(2, TimeSpan.FromTicks(6))),
        ],
    };

    private static ImmutableDictionary<string, ImmutableArray<long>> Shape(params (string Input, long[] Dims)[] shapes) =>
        ImmutableDictionary.CreateRange(shapes.Select(s => KeyValuePair.Create(s.Input, ImmutableArray.Create(s.Dims))));
}
