using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Docker;

/// <summary>A Dockerfile's instructions, continued lines joined.</summary>
internal sealed record Dockerfile(IReadOnlyList<(string Keyword, string Value)> Instructions)
{
    public static Dockerfile Read(string name)
    {
        var lines = Checkout.Read("deploy", "docker", name).Split('\n').Where(line => !line.StartsWith('#'));
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return new Dockerfile([.. joined.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Split)]);
    }

    public IEnumerable<string> All(string keyword) => Instructions.Where(i => i.Keyword == keyword).Select(i => i.Value);

    /// <summary>What the last stage says: it is the image.</summary>
    public IEnumerable<string> InImage(string keyword)
    {
        var last = Instructions.Select((instruction, i) => (instruction.Keyword, i)).Last(item => item.Keyword == "FROM").i;
        return Instructions.Skip(last).Where(i => i.Keyword == keyword).Select(i => i.Value);
    }

    private static (string Keyword, string Value) Split(string line)
    {
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        return (line[..at], line[(at + 1)..].Trim());
    }
}
