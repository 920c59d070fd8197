namespace Serving.Runtime.Configuration;

/// <summary>A model's configuration cannot be used. Carries every error found, each naming the key, its value and what is allowed.</summary>
public sealed class ConfigException(string file, IReadOnlyList<string> errors)
    : Exception($"{file}: {string.Join("; ", errors)}")
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
