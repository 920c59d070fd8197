using System.Text.Json.Nodes;
using Serving.Conformance.Cases;
using Serving.Conformance.Expectations;

namespace Serving.Conformance.Protocols;

/// <summary>System shared memory of this machine: its keys are files in /dev/shm.</summary>
internal static class LocalMemory
{
    /// <summary>The need of cases that write it: the server runs on this machine.</summary>
    public const string Need = "local_memory";

    private const string Folder = "/dev/shm";

    public static bool IsSharedWith(Uri server) => server.IsLoopback && Directory.Exists(Folder);

    public static Reply Do(JsonObject step)
    {
        var path = Folder + (string)step["memory"]!;
        if (step["write"] is { } written)
        {
            File.WriteAllBytes(path, Bytes(written));
        }
        else if (step["holds"] is { } held)
        {
            var (expected, actual) = (Convert.ToHexString(Bytes(held)), Convert.ToHexString(File.ReadAllBytes(path)));
            return expected == actual ? new Reply("OK", "") : throw new ExpectationException($"shared memory holds {actual}, expected {expected}");
        }
        else
        {
            File.Delete(path);
        }

        return new Reply("OK", "");
    }

    private static byte[] Bytes(JsonNode parts) => [.. parts.AsArray().SelectMany(part => TensorBytes.Of(part!))];
}
