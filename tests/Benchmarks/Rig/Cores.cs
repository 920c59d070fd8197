using System.Globalization;
using System.Runtime.InteropServices;

namespace Serving.Benchmarks.Rig;

/// <summary>Which cores do what: the server one, the load another, so that neither takes the other's time.</summary>
internal static partial class Cores
{
    /// <summary>The server's core, as taskset takes it.</summary>
    public const string Server = "0";

    /// <summary>The load's.</summary>
    public const string Load = "1";

    /// <summary>Both, for what is said to use both.</summary>
    public const string Both = "0,1";

    /// <summary>Why nothing can be measured here; null where it can.</summary>
    public static string? Missing() => !OperatingSystem.IsLinux() || !ChildProcess.Exists("taskset") ? "the benchmarks need Linux and its taskset"
        : Environment.ProcessorCount < 2 ? "the benchmarks need two cores: one for the server, one for the load"
        : null;

    /// <summary>Runs something on a thread of its own that stays on one core.</summary>
    public static Task<T> RunOnAsync<T>(string core, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Pin(int.Parse(core, CultureInfo.InvariantCulture));
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        thread.Start();
        return done.Task;
    }

    private static void Pin(int core)
    {
        var mask = 1UL << core;
        if (SetAffinity(0, sizeof(ulong), ref mask) != 0)
        {
            throw new InvalidOperationException($"this thread could not be put on core {core}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>For the calling thread, where the first argument is 0.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint size, ref ulong mask);
}
