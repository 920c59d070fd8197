using System.Globalization;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>The type of a provider's option: a whole number in a range, one of some words, or any text.</summary>
internal sealed record ProviderOption
{
    private readonly Func<string, bool> _accepts;

    private ProviderOption(string expected, Func<string, bool> accepts)
    {
        Expected = expected;
        _accepts = accepts;
    }

    public static ProviderOption Text { get; } = new("a text", value => value.Length > 0);

    public static ProviderOption Switch { get; } = OneOf("0", "1");

    /// <summary>What is allowed, for messages.</summary>
    public string Expected { get; }

    public static ProviderOption Number(long least, long most = long.MaxValue) => new(
        most == long.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}",
        value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    public static ProviderOption OneOf(params string[] words) => new($"one of {string.Join(", ", words)}", words.Contains);

    public bool Accepts(string value) => _accepts(value);
}
