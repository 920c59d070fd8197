using System.Collections.Immutable;

namespace Serving.Runtime.Configuration;

/// <summary>
/// What the user wrote about a model, in <c>model.yaml</c> or <c>config.pbtxt</c>: every key optional, null where not given.
/// Checked for itself by its reader; whether it fits the graph is checked when the model is loaded.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>A model without a configuration.</summary>
    public static ModelConfig Empty { get; } = new();

    /// <summary>The file that the configuration was read from, for messages; empty where there is none.</summary>
    public string Source { get; init; } = "";

    /// <summary>The graph's file name inside a version folder, where it is not the layout's.</summary>
    public string? File { get; init; }

    /// <summary>Which versions are served. Default: the latest.</summary>
    public VersionPolicy? Versions { get; init; }

    /// <summary>Names that requests may use in place of versions.</summary>
    public ImmutableSortedDictionary<string, long> VersionLabels { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The largest batch that may be formed; 1 forbids batching.</summary>
    public int? MaxBatchRows { get; init; }

    /// <summary>The most tokens of a batch: rows times the length that each is padded to.</summary>
    public long? MaxBatchTokens { get; init; }

    /// <summary>How soon a request should be answered that names no deadline.</summary>
    public TimeSpan? LatencyObjective { get; init; }

    /// <summary>How many rows may wait.</summary>
    public int? MaxQueueRows { get; init; }

    /// <summary>How long a request may wait before it is refused.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>Per tensor, the role of each axis by position. Given for one tensor, all batching is as declared.</summary>
    public ImmutableDictionary<string, ImmutableArray<AxisConfig>> Axes { get; init; } =
        ImmutableDictionary<string, ImmutableArray<AxisConfig>>.Empty;

    /// <summary>Whether and with what rows are padded; null where it is found by trying.</summary>
    public PaddingConfig? Padding { get; init; }

    /// <summary>Providers to try, in order; empty for the server's default.</summary>
    public ImmutableArray<ProviderConfig> Providers { get; init; } = [];

    /// <summary>Threads inside one run of the graph. Default 1: runs are parallel, not operators.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>How far ONNX Runtime optimises the graph. Default: all.</summary>
    public OptimizationLevel? Optimization { get; init; }

    /// <summary>Shapes to run before the model is ready, each a shape per input.</summary>
    public ImmutableArray<ImmutableDictionary<string, ImmutableArray<long>>> WarmupShapes { get; init; } = [];

    /// <summary>Libraries with custom operators, relative to the model's folder.</summary>
    public ImmutableArray<string> CustomOps { get; init; } = [];

    /// <summary>Free ONNX Runtime session entries.</summary>
    public ImmutableDictionary<string, string> SessionEntries { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether answers are kept; null where they are not.</summary>
    public CacheConfig? Cache { get; init; }

    /// <summary>What the model is served as; null where its files say.</summary>
    public TaskConfig? Task { get; init; }

    /// <summary>The steps of an ensemble; empty for a model with a graph.</summary>
    public ImmutableArray<StepConfig> Steps { get; init; } = [];

    /// <summary>The tensors that an ensemble answers; empty for those that no step reads.</summary>
    public ImmutableArray<string> Results { get; init; } = [];

    /// <summary>Inputs that the configuration declares; compared with the graph's when it is loaded.</summary>
    public ImmutableArray<DeclaredTensor> Inputs { get; init; } = [];

    /// <summary>Outputs that the configuration declares.</summary>
    public ImmutableArray<DeclaredTensor> Outputs { get; init; } = [];

    /// <summary>Per output, the file with its classes' labels. As written, until the model is loaded; then a full path.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether the configuration says that the first axis of every tensor is the batch's, or that none is; null where it does not say.</summary>
    public bool? BatchesFirstAxis { get; init; }

    /// <summary>What was odd but changes no answer, for the log and the model's details.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
