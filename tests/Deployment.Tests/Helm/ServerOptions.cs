using System.Text.RegularExpressions;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Helm;

/// <summary>The server's options, read from the sources, so that these tests need not build the server.</summary>
internal static partial class ServerOptions
{
    public static HashSet<string> Names()
    {
        var sources = Checkout.Read("src", "Server", "Hosting", "ServingOptions.cs") + Checkout.Read("src", "Runtime", "EngineOptions.cs");
        return [.. Property().Matches(sources).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"public \S+ (\w+) \{ get;")]
    private static partial Regex Property();
}
