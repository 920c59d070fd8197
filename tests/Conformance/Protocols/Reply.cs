using System.Text.Json.Nodes;

namespace Serving.Conformance.Protocols;

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status as digits, or the gRPC code by its name.</param>
/// <param name="Text">The body, or what a person would read of it.</param>
internal sealed record Reply(string Status, string Text)
{
    /// <summary>The JSON body, or the gRPC message in protobuf's JSON with the names of the .proto file.</summary>
    public JsonNode? Json { get; init; }

    /// <summary>The error's text, where the answer has one.</summary>
    public string? Error { get; init; }

    /// <summary>Names are compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ReplyTensor> Tensors { get; init; } = [];

    /// <summary>The messages of a stream, each an answer of its own.</summary>
    public IReadOnlyList<Reply> Messages { get; init; } = [];

    /// <summary>Whether numbers may be texts, as protobuf's JSON writes those of 64 bits.</summary>
    public bool HasNumbersAsText { get; init; }
}
