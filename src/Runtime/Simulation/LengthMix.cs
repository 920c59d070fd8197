using System.Globalization;

namespace Serving.Runtime.Simulation;

/// <summary>Distributions of lengths that requests of texts have.</summary>
public sealed class LengthMix
{
    /// <summary>What <see cref="TryParse"/> takes.</summary>
    public const string Forms = "a number, uniform:LEAST-MOST, lognormal:MEDIAN,SIGMA,LEAST-MOST or bimodal";

    private const int Longest = 1 << 20;

    private readonly Func<Random, int> _draw;

    private LengthMix(string name, Func<Random, int> draw)
    {
        Name = name;
        _draw = draw;
    }

    /// <summary>26 to 128, all alike.</summary>
    public static LengthMix Uniform { get; } = OfUniform("uniform", 26, 128);

    /// <summary>A median of 24 with a long tail, cut to 4 to 256.</summary>
    public static LengthMix LogNormal { get; } = OfLogNormal("lognormal", 24, 0.8, 4, 256);

    /// <summary>Four in five of 8 to 24, the fifth of 160 to 256: questions and documents.</summary>
    public static LengthMix Bimodal { get; } = new(
        "bimodal", random => random.NextDouble() < 0.8 ? random.Next(8, 25) : random.Next(160, 257));

    /// <summary>The three that measures are taken with.</summary>
    public static IReadOnlyList<LengthMix> All { get; } = [Uniform, LogNormal, Bimodal];

    public string Name { get; }

    /// <summary>Reads one of <see cref="Forms"/>.</summary>
    public static bool TryParse(string text, out LengthMix mix)
    {
        var named = All.FirstOrDefault(m => m.Name == text);
        mix = named ?? Uniform;
        if (named is not null)
        {
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= Longest)
        {
            mix = new LengthMix(text, _ => length);
            return true;
        }

        return text.Split(':') switch
        {
            ["uniform", var range] when TryRange(range, out var least, out var most) => Give(OfUniform(text, least, most), out mix),
            ["lognormal", var rest] when rest.Split(',') is [var median, var sigma, var range]
                && TryRange(range, out var least, out var most)
                && TryAbove(median, 0, Longest, out var middle)
                && TryAbove(sigma, 0, 10, out var width) => Give(OfLogNormal(text, middle, width, least, most), out mix),
            _ => false,
        };
    }

    internal int Draw(Random random) => _draw(random);

    private static LengthMix OfUniform(string name, int least, int most) => new(name, random => random.Next(least, most + 1));

    private static LengthMix OfLogNormal(string name, double median, double sigma, int least, int most) =>
        new(name, random => (int)Math.Clamp(Math.Round(median * Math.Exp(sigma * Traffic.Normal(random))), least, most));

    private static bool Give(LengthMix read, out LengthMix mix)
    {
        mix = read;
        return true;
    }

    private static bool TryRange(string text, out int least, out int most)
    {
        (least, most) = (0, 0);
        return text.Split('-') is [var from, var to]
            && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out least)
            && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out most)
            && least >= 1 && least <= most && most <= Longest;
    }

    private static bool TryAbove(string text, double least, double most, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > least && value <= most;
}
