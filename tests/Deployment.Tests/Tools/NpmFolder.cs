using System.Collections.Concurrent;
using System.Diagnostics;

namespace Serving.Deployment.Tests.Tools;

/// <summary>A folder with an npm manifest, installed at most once; ./test has usually done it already.</summary>
internal static class NpmFolder
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new();

    /// <summary>The folder, with its packages in node_modules.</summary>
    public static Task<string> InstalledAsync(params string[] parts) =>
        Installed.GetOrAdd(Checkout.At(parts), static folder => new(() => InstallAsync(folder))).Value;

    private static async Task<string> InstallAsync(string folder)
    {
        var stamp = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(stamp) || File.GetLastWriteTimeUtc(stamp) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            (await Tool.RunAsync(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--loglevel=error"]) { WorkingDirectory = folder })).Succeeded();
            File.SetLastWriteTimeUtc(stamp, TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        return folder;
    }
}
