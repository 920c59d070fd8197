namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>max_batch_size</c> and <c>dynamic_batching</c>.</summary>
internal sealed class TritonBatchingReader
{
    private const string Policy = "dynamic_batching.default_queue_policy";

    // The longest that durations elsewhere may be.
    private static readonly long LongestTimeout = (long)TimeSpan.FromHours(24).TotalMicroseconds;

    private readonly TritonNotes _notes;

    public TritonBatchingReader(TritonNotes notes) => _notes = notes;

    public ModelConfig Read(PbtxtNode.Message root, ModelConfig config)
    {
        var policy = root.Child("dynamic_batching").Child("default_queue_policy");
        var rows = AtMost(policy.One("max_queue_size"), $"{Policy}.max_queue_size", ConfigLimits.MaxQueueRows);
        var timeout = AtMost(policy.One("default_timeout_microseconds"), $"{Policy}.default_timeout_microseconds", LongestTimeout);
        var size = _notes.Integer(root.One("max_batch_size"), "max_batch_size", 0, ConfigLimits.MaxBatchRows);
        return config with
        {
            // 0 says that the graph has no batch axis.
            MaxBatchRows = size is null ? null : (int)Math.Max(1, size.Value),
            MaxQueueRows = (int?)rows,
            QueueTimeout = timeout is null ? null : TimeSpan.FromMicroseconds(timeout.Value),
        };
    }

    /// <summary>A limit; null where there is none, which 0 says too. A larger one than this server's is as good as its largest.</summary>
    private long? AtMost(PbtxtNode? node, string path, long largest)
    {
        if (_notes.Integer(node, path, 0, long.MaxValue) is not { } value || value == 0)
        {
            return null;
        }

        if (value > largest)
        {
            _notes.Warn(node!.At, path, $"the largest possible is used, {largest}");
        }

        return Math.Min(value, largest);
    }
}
