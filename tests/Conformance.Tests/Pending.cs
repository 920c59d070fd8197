using Serving.TestKit.Source;

namespace Serving.Conformance.Tests;

/// <summary>The cases that this server does not pass yet: tests/Conformance/pending.txt, a name a line. It can only shrink.</summary>
internal static class Pending
{
    public static IReadOnlyList<string> Names { get; } =
        SourceTree.Read("tests/Conformance/pending.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A case must pass unless it is pending, and must not pass while it is.</summary>
    public static void Check(string name, bool passed, string why)
    {
        if (Names.Contains(name))
        {
            Assert.False(passed, $"{name} passes now: take it out of tests/Conformance/pending.txt.");
        }
        else
        {
            Assert.True(passed, $"{name}: {why}");
        }
    }
}
