using System.Text.Json;
using Serving.Server.Commands.Simulate;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Commands.Simulate;

public sealed class SimulateCommandTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task RunAsync_MadeArrivals_PrintsBothSpeeds()
    {
        var code = await RunAsync("--costs", "processor", "--rate", "50", "--duration", "20", "--lengths", "uniform:26-128", "--scale", "3");

        Assert.Equal(ExitCode.Success, code);
        Assert.Equal("", _error.ToString());
        foreach (var expected in (string[])["x 1", "x 3", "offered", "1000", "on time", "p99", "rows a batch", "padding", "utilisation"])
        {
            Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_Json_CountsEveryRequest()
    {
        var code = await RunAsync("--costs", "processor", "--rate", "100", "--duration", "10", "--arrivals", "bursty", "--lengths", "bimodal", "--deadline", "80", "--json");

        Assert.Equal(ExitCode.Success, code);
        using var document = JsonDocument.Parse(_output.ToString());
        Assert.Equal([1.0, 2.0], document.RootElement.EnumerateArray().Select(r => r.GetProperty("scale").GetDouble()));
        foreach (var result in document.RootElement.EnumerateArray())
        {
            var gone = Sum(result.GetProperty("refused")) + Sum(result.GetProperty("given_up"));
            Assert.Equal(1000, result.GetProperty("answered").GetInt32() + gone);
            Assert.True(result.GetProperty("p50_ms").GetDouble() <= result.GetProperty("p99_ms").GetDouble());
        }
    }

    [Fact]
    public async Task RunAsync_FilesOfCostsAndArrivals_AreRead()
    {
        var folder = Directory.CreateTempSubdirectory("serving-simulate-");
        try
        {
            var costs = Path.Combine(folder.FullName, "costs.json");
            var trace = Path.Combine(folder.FullName, "trace.txt");
            await File.WriteAllTextAsync(costs, """{"model":"m","points":[{"rows":1,"length":1,"seconds":0.5}]}""");
            await File.WriteAllTextAsync(trace, "10 1 1 model=m/1\n20 1 1 model=m/1\n30 1 1 model=other/1\n");

            var code = await RunAsync("--costs", costs, "--trace", trace, "--model", "m", "--scale", "1", "--json");

            Assert.Equal(ExitCode.Success, code);
            using var document = JsonDocument.Parse(_output.ToString());
            var result = Assert.Single(document.RootElement.EnumerateArray());
            Assert.Equal(2, result.GetProperty("answered").GetInt32());
            Assert.Equal(500, result.GetProperty("p50_ms").GetDouble(), 3);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--costs is missing", "--rate", "5")]
    [InlineData("nothing comes", "--costs", "processor")]
    [InlineData("did you mean '--costs'", "--csots", "processor")]
    [InlineData("--rate: 'many' is not a number", "--costs", "processor", "--rate", "many")]
    [InlineData("--workers: '1.5' is not a whole number", "--costs", "processor", "--rate", "1", "--workers", "1.5")]
    [InlineData("--lengths: 'short' is not", "--costs", "processor", "--rate", "1", "--lengths", "short")]
    [InlineData("--arrivals: 'all' is not", "--costs", "processor", "--rate", "1", "--arrivals", "all")]
    [InlineData("at most 20000000", "--costs", "processor", "--rate", "1e6", "--duration", "1e6")]
    [InlineData("cannot be given with --trace", "--costs", "processor", "--trace", "t", "--rate", "1")]
    [InlineData("--costs: '/no/such/file'", "--costs", "/no/such/file", "--rate", "1")]
    [InlineData("--trace: '/no/such/file'", "--costs", "processor", "--trace", "/no/such/file")]
    [InlineData("Give --model NAME", "--costs", "http://127.0.0.1:9", "--rate", "1")]
    public async Task RunAsync_Mistake_ExitsWithBadOptions(string expected, params string[] args)
    {
        Assert.Equal(ExitCode.BadOptions, await RunAsync(args));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task RunAsync_Help_ListsTheOptions()
    {
        Assert.Equal(ExitCode.Success, await RunAsync("--help"));
        foreach (var option in new SimulateOptions().All)
        {
            Assert.Contains(option.Name + " ", _output.ToString(), StringComparison.Ordinal);
        }
    }

    private Task<int> RunAsync(params string[] args) =>
        SimulateCommand.RunAsync(args, _output, _error).WaitAsync(TimeSpan.FromSeconds(60));

    private static int Sum(JsonElement counts) => counts.EnumerateObject().Sum(c => c.Value.GetInt32());
}
