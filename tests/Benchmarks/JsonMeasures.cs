using System.Diagnostics;

namespace Serving.Benchmarks;

/// <summary>What a number costs in JSON, beside System.Text.Json in turns.</summary>
internal static class JsonMeasures
{
    private const int Count = 50_000;

    private const int Passes = 10;

    /// <summary>So long that the compiler has seen the code as often as it wants to, and has compiled it again behind our back.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static void Run(int rounds)
    {
        var random = new Random(1);
        float[] normal = [.. Enumerable.Range(0, Count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())))];
        float[] images = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle())];
        float[] pixels = [.. Enumerable.Range(0, Count).Select(_ => (float)random.Next(256))];
        long[] tokens = [.. Enumerable.Range(0, Count).Select(_ => random.NextInt64(50_000))];
        long[] ids = [.. Enumerable.Range(0, Count).Select(_ => random.NextInt64(long.MaxValue))];
        CompareReading("normal floats", JsonArray.OfFloats(normal), rounds);
        CompareReading("floats from 0 to 1", JsonArray.OfFloats(images), rounds);
        CompareReading("the same with a double's digits", JsonArray.OfFloats(images, asDoubles: true), rounds);
        CompareReading("0 to 255 as floats", JsonArray.OfFloats(pixels), rounds);
        CompareReading("token ids, INT64", JsonArray.OfIds(tokens), rounds);
        CompareReading("19-digit ids, INT64", JsonArray.OfIds(ids), rounds);
        CompareWriting("normal floats", JsonArray.OfFloats(normal), rounds);
        CompareWriting("floats from 0 to 1", JsonArray.OfFloats(images), rounds);
        CompareWriting("0 to 255 as floats", JsonArray.OfFloats(pixels), rounds);
    }

    private static void CompareReading(string name, JsonArray array, int rounds)
    {
        var target = new byte[Count * sizeof(long)];
        Compare($"JSON read, {name}", () => array.ReadTokens(target), "Utf8JsonReader", array.Read, rounds);
    }

    private static void CompareWriting(string name, JsonArray array, int rounds) =>
        Compare($"JSON written, {name}", array.WriteTokens, "Utf8JsonWriter", array.Write, rounds);

    private static void Compare(string name, Action usual, string usualName, Action own, int rounds)
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

        Report.Row(name, "ns/number", owns);
        Report.Row($"  with {usualName}", "ns/number", usuals);
        Report.Row($"  {usualName} / own", "", gain);
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
