namespace Serving.Deployment.Tests.Tools;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output of a program that must have succeeded.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"Ended with {ExitCode}.\n{Output}\n{Error}");
        return Output;
    }
}
