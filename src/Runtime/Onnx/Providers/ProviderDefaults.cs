namespace Serving.Runtime.Onnx.Providers;

/// <summary>A provider's defaults under the user's options.</summary>
internal static class ProviderDefaults
{
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> defaults, IReadOnlyDictionary<string, string> options)
    {
        var merged = new Dictionary<string, string>(defaults);
        foreach (var (key, value) in options)
        {
            merged[key] = value;
        }

        return merged;
    }
}
