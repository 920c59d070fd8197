namespace Serving.Deployment.Tests.Tools;

/// <summary>A test that is skipped where a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactIfInstalledAttribute : FactAttribute
{
    public FactIfInstalledAttribute(string program)
    {
        if (Tool.Find(program) is null)
        {
            Skip = $"'{program}' is not installed.";
        }
    }
}
