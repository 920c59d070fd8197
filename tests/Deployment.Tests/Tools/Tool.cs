using System.Diagnostics;

namespace Serving.Deployment.Tests.Tools;

/// <summary>Runs programs, none of them longer than a minute.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static Task<ToolResult> RunAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    public static async Task<ToolResult> RunAsync(ProcessStartInfo start, string input = "")
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input).WaitAsync(Limit);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Limit);
            return new ToolResult(process.ExitCode, await output.WaitAsync(Limit), await error.WaitAsync(Limit));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Where a program is, or null if this machine lacks it.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
