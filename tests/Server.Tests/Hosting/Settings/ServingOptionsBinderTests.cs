using System.Text;
using Microsoft.Extensions.Configuration;
using Serving.Runtime.Models;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class ServingOptionsBinderTests
{
    [Fact]
    public void Bind_NothingSet_LeavesDefaults()
    {
        var (options, errors) = Bind("{}", []);

        Assert.Empty(errors);
        Assert.Equal(8000, options.HttpPort);
        Assert.Null(options.Port);
        Assert.Empty(options.Repository);
    }

    [Fact]
    public void Bind_SeveralSources_TheLastWins()
    {
        var (options, errors) = Bind("""{ "Serving": { "HttpPort": 1, "GrpcPort": 1, "Port": 4 } }""", new() { ["Serving:HttpPort"] = "3" });

        Assert.Empty(errors);
        Assert.Equal((3, 1, 4), (options.HttpPort, options.GrpcPort, options.Port));
    }

    [Fact]
    public void Bind_ListInTwoSources_IsNotMerged()
    {
        var (options, _) = Bind("""{ "Serving": { "Repository": ["/a", "/b", "/c"] } }""", new() { ["Serving:Repository:0"] = "/d" });

        Assert.Equal(["/d"], options.Repository);
    }

    [Fact]
    public void Bind_ListInOneValue_IsSplitAtCommas()
    {
        var (options, _) = Bind("{}", new() { ["Serving:Providers"] = "cuda, cpu" });

        Assert.Equal(["cuda", "cpu"], options.Providers);
    }

    [Fact]
    public void Bind_ListOfMoreThanTen_KeepsItsOrder()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"/{i}").ToList();
        var (options, _) = Bind("{}", names.Select((name, i) => (name, i)).ToDictionary(p => $"Serving:Repository:{p.i}", p => (string?)p.name));

        Assert.Equal(names, options.Repository);
    }

    [Fact]
    public void Bind_EveryType_IsRead()
    {
        var (options, errors) = Bind(
            """{ "Serving": { "ModelControlMode": "explicit", "PollInterval": "500ms", "StrictReadiness": true, "MaxRequestBytes": 4096, "ManagementKey": "@x" } }""", []);

        Assert.Empty(errors);
        Assert.Equal(ModelControlMode.Explicit, options.ModelControlMode);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.PollInterval);
        Assert.True(options.StrictReadiness);
        Assert.Equal(4096, options.MaxRequestBytes);
        Assert.Equal("@x", options.ManagementKey);
    }

    [Fact]
    public void Bind_ManyMistakes_ReportsAllWithTheirSource()
    {
        var (_, errors) = Bind(
            """{ "Serving": { "HttpProt": 1, "DrainDelay": "30" } }""", new() { ["Serving:GrpcPort"] = "x", ["Serving:LogFormat"] = "xml" });

        Assert.Equal(4, errors.Count);
        Assert.Contains("Serving:HttpProt in test.json is not an option; did you mean 'Serving:HttpPort in test.json'?", errors);
        Assert.Contains("Serving:DrainDelay in test.json: '30' is not a duration such as 500ms, 2s, 5m or 00:00:02.", errors);
        Assert.Contains("--grpc-port: 'x' is not a whole number.", errors);
        Assert.Contains("--log-format: 'xml' is not one of text, json.", errors);
    }

    [Fact]
    public void Bind_Environment_IsReadAndNamedInErrors()
    {
        // With a prefix of its own: the servers that other tests start meanwhile must not see it.
        const string Prefix = "BINDERTEST_";
        Environment.SetEnvironmentVariable(Prefix + "Serving__SettleTme", "1s");
        try
        {
            var errors = new List<string>();
            ServingOptionsBinder.Bind(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(), errors);

            Assert.Equal("Serving__SettleTme is not an option; did you mean 'Serving__SettleTime'?", Assert.Single(errors));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Prefix + "Serving__SettleTme", null);
        }
    }

    private static (ServingOptions Options, List<string> Errors) Bind(string json, Dictionary<string, string?> commandLine)
    {
        var folder = Directory.CreateTempSubdirectory("serving-options-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "test.json"), json, Encoding.UTF8);
            var errors = new List<string>();
            var configuration = new ConfigurationBuilder()
                .SetBasePath(folder.FullName)
                .AddJsonFile("test.json")
                .AddInMemoryCollection(commandLine)
                .Build();
            return (ServingOptionsBinder.Bind(configuration, errors), errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
