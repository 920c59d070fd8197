using Google.Protobuf.Reflection;

namespace Serving.Conformance.Protocols;

/// <summary>The rpcs that a step can name.</summary>
internal static class Services
{
    private static readonly ServiceDescriptor[] All =
    [
        .. Contracts.Inference.GrpcServiceReflection.Descriptor.Services,
        .. Contracts.Health.HealthReflection.Descriptor.Services,
        .. Contracts.Reflection.ReflectionReflection.Descriptor.Services,
        .. Contracts.Reflection.V1Alpha.ReflectionV1AlphaReflection.Descriptor.Services,
    ];

    public static ServiceDescriptor Inference => All[0];

    /// <summary>A method of the inference service by its name, or any as <c>package.Service/Method</c>.</summary>
    public static MethodDescriptor Find(string rpc)
    {
        var parts = rpc.Split('/');
        var service = parts.Length == 1 ? Inference : All.Single(service => service.FullName == parts[0]);
        return service.FindMethodByName(parts[^1]) ?? throw new InvalidOperationException($"There is no rpc '{rpc}'.");
    }
}
