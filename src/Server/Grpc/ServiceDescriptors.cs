using Google.Protobuf.Reflection;
using Serving.Contracts.Health;
using Serving.Contracts.Inference;
using Serving.Contracts.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Serving.Server.Grpc;

/// <summary>The .proto files of the services offered, and what they declare.</summary>
internal static class ServiceDescriptors
{
    private static readonly FileDescriptor[] Roots =
    [
        GrpcServiceReflection.Descriptor,
        HealthReflection.Descriptor,
        ReflectionReflection.Descriptor,
        Contracts.Reflection.V1Alpha.ReflectionV1AlphaReflection.Descriptor,
    ];

    /// <summary>The services, in the order of their files.</summary>
    public static IReadOnlyList<ServiceDescriptor> Services { get; } = [.. Roots.SelectMany(file => file.Services)];

    /// <summary>All files by name, with those that they import.</summary>
    public static IReadOnlyDictionary<string, FileDescriptor> Files { get; } =
        Roots.SelectMany(file => file.Dependencies.Append(file)).DistinctBy(file => file.Name).ToDictionary(file => file.Name);

    public static bool IsKnown(string service) => Services.Any(known => known.FullName == service);
}
