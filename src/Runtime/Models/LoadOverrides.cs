namespace Serving.Runtime.Models;

/// <summary>What a client gives with a load in place of a model's own configuration and files.</summary>
public sealed record LoadOverrides
{
    /// <summary>Triton's model configuration as JSON. It takes the place of the model's own configuration, whichever that is.</summary>
    public required string Config { get; init; }

    /// <summary>
    /// Files by their paths, <c>VERSION/NAME</c>. Where there are any, the model's own files are not used at all. The memory is read until
    /// the load has ended.
    /// </summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}
