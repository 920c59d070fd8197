using System.Globalization;
using System.Text;

namespace Serving.MicroBenchmarks;

/// <summary>The same floats in every run, and their JSON.</summary>
internal static class Numbers
{
    public const int Count = 10_000;

    public static float[] Of(NumberKind kind)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Count).Select(_ => Next(kind, random))];
    }

    /// <summary>With a comma and a blank between, as Python writes them.</summary>
    public static byte[] Json(NumberKind kind, float[] values) => Encoding.UTF8.GetBytes($"[{string.Join(", ", values.Select(value => Text(kind, value)))}]");

    private static float Next(NumberKind kind, Random random) => kind switch
    {
        NumberKind.Normal => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())),
        NumberKind.DoubleDigits => random.NextSingle(),
        _ => random.Next(256),
    };

    private static string Text(NumberKind kind, float value) => kind == NumberKind.DoubleDigits
        ? ((double)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);
}
