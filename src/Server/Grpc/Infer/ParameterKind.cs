namespace Serving.Server.Grpc.Infer;

/// <summary>The types of a parameter, by the number of their field in <c>InferParameter</c>.</summary>
internal enum ParameterKind : byte
{
    None = 0,
    Bool = 1,
    Int64 = 2,
    String = 3,
    Double = 4,
    UInt64 = 5,
}
