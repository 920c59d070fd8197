namespace Serving.Server.Rest.Http;

/// <summary>The content types of REST bodies.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";

    /// <summary>JSON followed by raw tensors.</summary>
    public const string Binary = "application/octet-stream";

    /// <summary>What every gRPC content type begins with.</summary>
    public const string GrpcPrefix = "application/grpc";
}
