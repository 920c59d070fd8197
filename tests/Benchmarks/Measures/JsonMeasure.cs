using System.Diagnostics;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P13: what a number costs in JSON, beside System.Text.Json in turns. The figure is that of normally distributed floats.</summary>
internal sealed class JsonMeasure : IMeasure
{
    private const int Count = 50_000;
    private const int Passes = 10;

    private static readonly MeasureDefinition Reading = new(
        "P13", "JSON floats read: Utf8JsonReader's time ÷ ours", "", "6.2 (prototype)", "(at least 10)");

    private static readonly MeasureDefinition Writing = new("P13", "JSON floats written: Utf8JsonWriter's time ÷ ours", "", "", "(at least 6)");

    /// <summary>So long that the compiler has seen the code as often as it wants to, and has compiled it again behind our back.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.6);

    public IReadOnlyList<MeasureDefinition> Definitions => [Reading, Writing];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig) => await Cores.RunOnAsync(Cores.Server, () => Run(rig.Options.Rounds));

    private static IReadOnlyList<MeasureResult> Run(int rounds)
    {
        var random = new Random(1);
        float[] normal = [.. Enumerable.Range(0, Count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())))];
        float[] images = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle())];
        float[] pixels = [.. Enumerable.Range(0, Count).Select(_ => (float)random.Next(256))];
        long[] tokens = [.. Enumerable.Range(0, Count).Select(_ => random.NextInt64(50_000))];
        long[] ids = [.. Enumerable.Range(0, Count).Select(_ => random.NextInt64(long.MaxValue))];
        var (read, readParts) = CompareReading("normal floats", JsonArray.OfFloats(normal), rounds);
        var (written, writtenParts) = CompareWriting("normal floats", JsonArray.OfFloats(normal), rounds);
        return
        [
            new(Reading, read,
            [
                .. readParts,
                .. CompareReading("floats from 0 to 1", JsonArray.OfFloats(images), rounds).Parts,
                .. CompareReading("the same with a double's digits", JsonArray.OfFloats(images, asDoubles: true), rounds).Parts,
                .. CompareReading("0 to 255 as floats", JsonArray.OfFloats(pixels), rounds).Parts,
                .. CompareReading("token ids, INT64", JsonArray.OfIds(tokens), rounds).Parts,
                .. CompareReading("19-digit ids, INT64", JsonArray.OfIds(ids), rounds).Parts,
            ]),
            new(Writing, written,
            [
                .. writtenParts,
                .. CompareWriting("floats from 0 to 1", JsonArray.OfFloats(images), rounds).Parts,
                .. CompareWriting("0 to 255 as floats", JsonArray.OfFloats(pixels), rounds).Parts,
            ]),
        ];
    }

    private static (Spread Gain, Part[] Parts) CompareReading(string name, JsonArray array, int rounds)
    {
        var target = new byte[Count * sizeof(long)];
        return Compare($"read: {name}", () => array.ReadTokens(target), array.Read, rounds);
    }

    private static (Spread Gain, Part[] Parts) CompareWriting(string name, JsonArray array, int rounds) =>
        Compare($"written: {name}", array.WriteTokens, array.Write, rounds);

    private static (Spread Gain, Part[] Parts) Compare(string name, Action usual, Action own, int rounds)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUp;)
        {
            usual();
            own();
        }

        var (usuals, owns, gain) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= rounds; round++)
        {
            var (before, after) = (Time(usual, Passes), Time(own, Passes));
            if (round > 0)
            {
                usuals.Add(before);
                owns.Add(after);
                gain.Add(before / after);
            }
        }

        return (gain, [new(name, "ns/number", owns), new("  System.Text.Json", "ns/number", usuals), new("  times as fast", "", gain)]);
    }

    /// <summary>Nanoseconds for a number.</summary>
    private static double Time(Action pass, int passes)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < passes; i++)
        {
            pass();
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / ((double)passes * Count);
    }
}
