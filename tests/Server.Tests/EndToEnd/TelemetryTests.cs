using Serving.Server.Tests.Hosting;
using Serving.TestKit;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>
/// ONNX Runtime reports to its maker by default and keeps a database of that in the user's cache folder: with the server
/// there must be none, also where nobody has set the variable that turns it off.
/// </summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Server_ThatLoadedAModel_LeavesNoTelemetry()
    {
        var home = Directory.CreateTempSubdirectory("serving-telemetry-");
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["HOME"] = home.FullName,
                ["XDG_CACHE_HOME"] = Path.Combine(home.FullName, ".cache"),
                ["ORT_DISABLE_TELEMETRY"] = "",
            };
            using var server = ChildServer.Start(
                environment, "--repository", Zoo.Models["streaming-recurrent-step"], "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0");
            using var http = new HttpClient { BaseAddress = await server.ReadAddressAsync() };
            var zooCase = Zoo.Cases("streaming-recurrent-step")[0];
            Assert.Empty(await new ZooRestCalls(http).AsJsonAsync("streaming-recurrent-step", zooCase));
            await server.SignalAsync("TERM");
            await server.EndAsync();
            Assert.DoesNotContain(
                home.EnumerateFiles("*", SearchOption.AllDirectories).Select(f => f.FullName),
                file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || file.Contains("DeveloperTools", StringComparison.Ordinal));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
