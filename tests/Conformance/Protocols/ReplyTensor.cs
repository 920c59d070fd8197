namespace Serving.Conformance.Protocols;

/// <summary>A tensor of an answer.</summary>
/// <param name="Form">How it was sent: json, binary or raw.</param>
internal sealed record ReplyTensor(string Name, string Datatype, string Shape, byte[] Data, string Form);
