using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Docker;

public sealed class DockerfileTests
{
    public static TheoryData<string> Names => ["Dockerfile", "Dockerfile.cuda"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Image_Always_RunsWithoutRootAndTelemetry(string name)
    {
        var file = Dockerfile.Read(name);

        Assert.Equal("1654:1654", Assert.Single(file.InImage("USER")));
        var environment = string.Join(' ', file.InImage("ENV"));
        Assert.Contains("ORT_DISABLE_TELEMETRY=1", environment, StringComparison.Ordinal);
        Assert.Contains("Serving__Host=0.0.0.0", environment, StringComparison.Ordinal);
        Assert.Contains("Serving__Repository__0=/models", environment, StringComparison.Ordinal);
        Assert.Equal(["8000 8001 8002"], file.InImage("EXPOSE"));
        Assert.Equal(["/models"], file.InImage("VOLUME"));
        Assert.Equal(["[\"dotnet\", \"/app/Serving.Server.dll\"]"], file.InImage("ENTRYPOINT"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Copy_FromTheContext_TakesFilesThatExistAndAreNotIgnored(string name)
    {
        var allowed = Checkout.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..].TrimEnd('*', '.')).ToList();

        var sources = Dockerfile.Read(name).All("COPY")
            .Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(copy => copy.Split(' ')[..^1])
            .Where(source => source != ".");
        Assert.All(sources, source =>
        {
            Assert.True(File.Exists(Checkout.At(source)), source);
            Assert.Contains(allowed, prefix => source.StartsWith(prefix, StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Copy_FromAStage_NamesAnEarlierOne(string name)
    {
        var stages = new HashSet<string>();
        foreach (var (keyword, value) in Dockerfile.Read(name).Instructions)
        {
            if (keyword == "FROM" && value.Contains(" AS ", StringComparison.Ordinal))
            {
                stages.Add(value.Split(" AS ")[1]);
            }
            else if (keyword == "COPY" && value.StartsWith("--from=", StringComparison.Ordinal))
            {
                Assert.Contains(value["--from=".Length..value.IndexOf(' ', StringComparison.Ordinal)], stages);
            }
        }
    }

    [Fact]
    public void Ignore_Always_LetsThroughWhatTheBuildReads()
    {
        var allowed = Checkout.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        var read = Directory.EnumerateFiles(Checkout.Root, "Directory.*").Select(Path.GetFileName).Append("global.json").Append(".editorconfig").Append("src").Append("eng");
        Assert.All(read, needed => Assert.Contains(allowed, pattern => pattern == needed || (pattern == "Directory.*" && needed!.StartsWith("Directory.", StringComparison.Ordinal))));
    }
}
