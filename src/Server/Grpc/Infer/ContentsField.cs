namespace Serving.Server.Grpc.Infer;

/// <summary>The fields of InferTensorContents.</summary>
internal enum ContentsField
{
    None = 0,
    Bool = 1,
    Int = 2,
    Int64 = 3,
    UInt = 4,
    UInt64 = 5,
    Fp32 = 6,
    Fp64 = 7,
    Bytes = 8,
}
