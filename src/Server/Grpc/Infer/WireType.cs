namespace Serving.Server.Grpc.Infer;

/// <summary>How a protobuf field is laid out.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
