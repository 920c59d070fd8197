using System.Collections.Frozen;
using static Serving.Runtime.Configuration.Pbtxt.TritonFieldFate;
using static Serving.Runtime.Configuration.Pbtxt.TritonFieldKind;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Every field of Triton's model configuration and what becomes of it. <c>docs/model-repository.md</c> lists the same.</summary>
internal static class TritonFields
{
    private const string NotSupported = "not supported by this version of the server";
    private const string NoRagged = "ragged batches are " + NotSupported + "; requests of different lengths are padded by themselves";
    private const string NoPriority = "requests have no priority in this version of the server";

    private static readonly string[] Priorities = ["PRIORITY_DEFAULT", "PRIORITY_MAX", "PRIORITY_MIN"];

    public static IReadOnlyList<string> DataTypes { get; } =
    [
        "TYPE_INVALID", "TYPE_BOOL", "TYPE_UINT8", "TYPE_UINT16", "TYPE_UINT32", "TYPE_UINT64", "TYPE_INT8", "TYPE_INT16",
        "TYPE_INT32", "TYPE_INT64", "TYPE_FP16", "TYPE_FP32", "TYPE_FP64", "TYPE_STRING", "TYPE_BF16",
    ];

    /// <summary>In the order of <see cref="TensorFormat"/>.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["FORMAT_NONE", "FORMAT_NHWC", "FORMAT_NCHW"];

    public static IReadOnlyList<string> InstanceKinds { get; } = ["KIND_AUTO", "KIND_GPU", "KIND_CPU", "KIND_MODEL"];

    public static IReadOnlyList<TritonField> All { get; } =
    [
        new("name", Text),
        new("platform", Text),
        new("backend", Text),
        new("runtime", Text, Warned, "the runtime is always ONNX Runtime"),
        new("default_model_filename", Text),
        new("cc_model_filenames", Message, Refused, "graphs by compute capability are " + NotSupported, IsRepeated: true),
        new("version_policy", Message),
        new("version_policy.latest", Message),
        new("version_policy.latest.num_versions", Integer),
        new("version_policy.all", Message),
        new("version_policy.specific", Message),
        new("version_policy.specific.versions", Integer, IsRepeated: true),
        new("max_batch_size", Integer),
        .. Tensor("input"),
        new("input.format", Enumerator, Names: Formats),
        new("input.allow_ragged_batch", Flag, Refused, NoRagged),
        new("input.optional", Flag, Warned, "the graph says which inputs are optional"),
        .. Tensor("output"),
        new("output.label_filename", Text),
        new("batch_input", Message, Refused, NotSupported, IsRepeated: true),
        new("batch_output", Message, Refused, NotSupported, IsRepeated: true),
        .. Optimization(),
        .. Batching(),
        new("sequence_batching", Message, Refused, "sequences are " + NotSupported),
        new("ensemble_scheduling", Message),
        new("ensemble_scheduling.step", Message, IsRepeated: true),
        new("ensemble_scheduling.step.model_name", Text),
        new("ensemble_scheduling.step.model_version", Integer),
        .. Map("ensemble_scheduling.step.input_map"),
        .. Map("ensemble_scheduling.step.output_map"),
        new("ensemble_scheduling.step.model_namespace", Text, Warned, "models are found by their name alone"),
        .. Instances(),
        new("parameters", Message, IsRepeated: true),
        new("parameters.key", Text),
        new("parameters.value", Message),
        new("parameters.value.string_value", Text),
        .. Warmup(),
        new("model_operations", Message),
        new("model_operations.op_library_filename", Text, IsRepeated: true),
        new("model_transaction_policy", Message),
        new("model_transaction_policy.decoupled", Flag, Refused, "several responses to one request are " + NotSupported),
        new("model_repository_agents", Message, Refused, NotSupported),
        new("response_cache", Message),
        new("response_cache.enable", Flag),
        new("metric_tags", Message, Warned, "metrics carry the model's name and version only", IsRepeated: true),
        new("model_metrics", Message, Warned, "the metrics are the server's"),
    ];

    public static FrozenDictionary<string, TritonField> ByPath { get; } = All.ToFrozenDictionary(f => f.Path);

    /// <summary>The names of the fields directly under a message; of the configuration itself where the path is empty.</summary>
    public static IReadOnlyList<string> Under(string path)
    {
        var prefix = path.Length == 0 ? "" : path + ".";
        var inside = All.Select(f => f.Path).Where(p => p.StartsWith(prefix, StringComparison.Ordinal));
        return [.. inside.Select(p => p[prefix.Length..]).Where(p => !p.Contains('.'))];
    }

    private static IEnumerable<TritonField> Tensor(string path) =>
    [
        new(path, Message, IsRepeated: true),
        new(path + ".name", Text),
        new(path + ".data_type", Enumerator, Names: DataTypes),
        new(path + ".dims", Integer, IsRepeated: true),
        new(path + ".reshape", Message, Refused, NotSupported + "; requests have the graph's shape"),
        new(path + ".is_shape_tensor", Flag, Refused, "only TensorRT plans have shape tensors"),
        new(path + ".is_non_linear_format_io", Flag, Refused, "only TensorRT plans have other formats"),
    ];

    private static IEnumerable<TritonField> Map(string path) =>
    [
        new(path, Message, IsRepeated: true),
        new(path + ".key", Text),
        new(path + ".value", Text),
    ];

    private static IEnumerable<TritonField> Optimization() =>
    [
        new("optimization", Message),
        new("optimization.graph", Message),
        new("optimization.graph.level", Integer),
        new("optimization.priority", Enumerator, Warned, "ONNX models have no priority", Names: Priorities),
        new("optimization.cuda", Message, Warned, "it concerns TensorRT plans only"),
        new("optimization.execution_accelerators", Message),
        .. Accelerator("optimization.execution_accelerators.gpu_execution_accelerator"),
        .. Accelerator("optimization.execution_accelerators.cpu_execution_accelerator"),
        new("optimization.input_pinned_memory", Message, Warned, "the server decides on pinned memory"),
        new("optimization.output_pinned_memory", Message, Warned, "the server decides on pinned memory"),
        new("optimization.gather_kernel_buffer_threshold", Integer, Warned, "it concerns TensorRT plans only"),
        new("optimization.eager_batching", Flag, Warned, "it concerns TensorRT plans only"),
    ];

    private static IEnumerable<TritonField> Accelerator(string path) =>
    [
        new(path, Message, IsRepeated: true),
        new(path + ".name", Text),
        new(path + ".parameters", Message, IsRepeated: true),
        new(path + ".parameters.key", Text),
        new(path + ".parameters.value", Text),
    ];

    private static IEnumerable<TritonField> Batching() =>
    [
        new("dynamic_batching", Message),
        new("dynamic_batching.preferred_batch_size", Integer, Warned, "not needed: the size follows from what a batch costs", IsRepeated: true),
        new("dynamic_batching.max_queue_delay_microseconds", Integer, Warned, "not needed: batches form without delay"),
        new("dynamic_batching.preserve_ordering", Flag, Warned, "responses are sent when they are done"),
        new("dynamic_batching.priority_levels", Integer, Warned, NoPriority),
        new("dynamic_batching.default_priority_level", Integer, Warned, NoPriority),
        new("dynamic_batching.priority_queue_policy", Message, Warned, NoPriority, IsRepeated: true),
        new("dynamic_batching.default_queue_policy", Message),
        new("dynamic_batching.default_queue_policy.timeout_action", Enumerator, Warned, "requests that are late are always refused", Names: ["REJECT", "DELAY"]),
        new("dynamic_batching.default_queue_policy.default_timeout_microseconds", Integer),
        new("dynamic_batching.default_queue_policy.allow_timeout_override", Flag, Warned, "a request can always set its own deadline"),
        new("dynamic_batching.default_queue_policy.max_queue_size", Integer),
    ];

    private static IEnumerable<TritonField> Instances() =>
    [
        new("instance_group", Message, IsRepeated: true),
        new("instance_group.name", Text, Warned, "instances have no names: one session serves all requests"),
        new("instance_group.kind", Enumerator, Names: InstanceKinds),
        new("instance_group.count", Integer),
        new("instance_group.gpus", Integer, IsRepeated: true),
        new("instance_group.rate_limiter", Message, Warned, "runs are limited by the threads of the process"),
        new("instance_group.secondary_devices", Message, Refused, "only TensorRT plans have secondary devices", IsRepeated: true),
        new("instance_group.profile", Text, Warned, "it concerns TensorRT plans only", IsRepeated: true),
        new("instance_group.passive", Flag, Refused, "the model would get no requests; " + NotSupported),
        new("instance_group.host_policy", Text, Warned, "host policies are the operating system's here"),
    ];

    private static IEnumerable<TritonField> Warmup() =>
    [
        new("model_warmup", Message, IsRepeated: true),
        new("model_warmup.name", Text),
        new("model_warmup.batch_size", Integer),
        new("model_warmup.count", Integer),
        new("model_warmup.inputs", Message, IsRepeated: true),
        new("model_warmup.inputs.key", Text),
        new("model_warmup.inputs.value", Message),
        new("model_warmup.inputs.value.data_type", Enumerator, Names: DataTypes),
        new("model_warmup.inputs.value.dims", Integer, IsRepeated: true),
        new("model_warmup.inputs.value.zero_data", Flag),
        new("model_warmup.inputs.value.random_data", Flag),
        new("model_warmup.inputs.value.input_data_file", Text),
    ];
}
