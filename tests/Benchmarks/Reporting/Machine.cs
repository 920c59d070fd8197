using System.Runtime.InteropServices;

namespace Serving.Benchmarks.Reporting;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {OtherLoad()}";

    private static string Processor()
    {
        const string name = "model name";
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>How busy the machine was before: on one that others use, a single figure says little.</summary>
    private static string OtherLoad()
    {
        const string path = "/proc/loadavg";
        return File.Exists(path) ? $"load average before: {File.ReadAllText(path).Split(' ')[0]}" : "load before: not known";
    }
}
