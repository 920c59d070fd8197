using System.Diagnostics;
using System.Globalization;

namespace Serving.Benchmarks.Rig;

/// <summary>A program kept on some cores, ended when this is disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How often the system counts the time of processes: USER_HZ, 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Seconds of processor time so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            // The name in brackets may hold blanks; the fields after it are counted from the third.
            var text = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        }
    }

    /// <summary>The memory that lies in the machine's, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="cores">The cores, as taskset takes them.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(string cores, string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("taskset", ["-c", cores, program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return new ChildProcess(process);
    }

    /// <summary>Runs a program to its end; what it wrote.</summary>
    public static async Task<string> RunAsync(string cores, string program, params string[] arguments)
    {
        using var child = Start(cores, program, arguments);
        var text = await child._process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await child._process.WaitForExitAsync().WaitAsync(Patience);
        return child._process.ExitCode == 0 ? text : throw child.Failed($"{program} failed with {child._process.ExitCode}");
    }

    /// <summary>Whether there is a program of that name.</summary>
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Seconds of processor time of each thread so far, exact to the nanosecond.</summary>
    public Dictionary<string, double> ReadThreads()
    {
        const double Nanosecond = 1e-9;
        var threads = new Dictionary<string, double>();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
        {
            try
            {
                threads[thread] = Number(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0]) * Nanosecond;
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return threads;
    }

    /// <summary>Waits until it writes lines that start with these words; what comes after each.</summary>
    public async Task<string[]> ReadAsync(params string[] starts)
    {
        var found = new string?[starts.Length];
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            var which = Array.FindIndex(starts, start => line.TrimStart().StartsWith(start, StringComparison.Ordinal));
            if (which >= 0)
            {
                found[which] = line.TrimStart()[starts[which].Length..].Trim();
            }

            if (Array.TrueForAll(found, text => text is not null))
            {
                // Nobody reads what else it says, and a full pipe would stop it.
                _ = _process.StandardOutput.ReadToEndAsync();
                return found!;
            }
        }

        throw Failed("a program ended before it said that it is ready");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Patience);
        }

        _process.Dispose();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private InvalidOperationException Failed(string what)
    {
        lock (_errors)
        {
            return new InvalidOperationException($"{what}: {string.Join(' ', _errors)}");
        }
    }

    private void Keep(string? line)
    {
        const int Lines = 20;
        lock (_errors)
        {
            if (line is not null)
            {
                _errors.Enqueue(line);
            }

            if (_errors.Count > Lines)
            {
                _errors.Dequeue();
            }
        }
    }
}
