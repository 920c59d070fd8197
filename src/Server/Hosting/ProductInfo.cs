using System.Reflection;

namespace Serving.Server.Hosting;

/// <summary>What the server calls itself, to clients, in metrics and in traces.</summary>
internal static class ProductInfo
{
    public const string Name = "serving";

    /// <summary>Without the commit that a build may append after '+'.</summary>
    public static string Version { get; } =
        typeof(ProductInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
