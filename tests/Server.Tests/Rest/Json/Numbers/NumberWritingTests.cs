using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Rest.Json.Numbers;

/// <summary>What is written is what .NET writes: the shortest digits that read back as the same number.</summary>
public sealed class NumberWritingTests
{
    private const int Count = 1_000_000;

    [Fact]
    public void Floats_Written_AreTheirShortestText()
    {
        var random = new Random(1);
        Check(ElementType.Float32, Enumerable.Range(0, Count).Select(i => (i % 4) switch
        {
            0 => random.Next(-2000, 2000),
            1 => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 12))),
            2 when i < 4000 => MathF.ScaleB(1, random.Next(-149, 128)),
            _ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
        }).Concat([0f, -0f, float.Epsilon, float.MaxValue, float.MinValue, 1e9f, 999999999f, 1e-4f, 9.9999e-5f, 16777216f, 33554432f]).Where(float.IsFinite));
    }

    [Fact]
    public void Doubles_Written_AreTheirShortestText()
    {
        var random = new Random(2);
        Check(ElementType.Float64, Enumerable.Range(0, Count).Select(i => (i % 4) switch
        {
            0 => random.NextInt64(-(1L << 54), 1L << 54) >> random.Next(54),
            1 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 20)),
            2 when i < 40_000 => Math.ScaleB(1, random.Next(-1074, 1024)),
            _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        }).Concat([0d, -0d, double.Epsilon, double.MaxValue, double.MinValue, 1e17, 99999999999999999, 1e-4, 9.9999e-5, 9007199254740993, 2.2250738585072014e-308]).Where(double.IsFinite));
    }

    [Fact]
    public void Halves_AllOfThem_AreTheirShortestText() =>
        Check(ElementType.Float16, Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite));

    [Fact]
    public void BFloat16_AllOfThem_AreTheTextOfTheirSingle()
    {
        ushort[] values = [.. Enumerable.Range(0, 65536).Select(bits => (ushort)bits).Where(bits => float.IsFinite(Widen(bits)))];
        var texts = JsonArrays.Write(ElementType.BFloat16, MemoryMarshal.AsBytes<ushort>(values));
        Assert.Equal(values.Select(bits => Widen(bits).ToString(CultureInfo.InvariantCulture)), texts);
    }

    private static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>
    /// .NET's own text is the shortest. Of some powers of two it is too short and reads back as a neighbour, so there ours may differ:
    /// of all that is written, the same number must come back.
    /// </summary>
    private static void Check<T>(ElementType type, IEnumerable<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var written = values.ToArray();
        var texts = JsonArrays.Write(type, MemoryMarshal.AsBytes<T>(written));
        Assert.Equal(written.Length, texts.Length);
        var different = Array.FindIndex(written.Zip(texts).ToArray(), pair => IsOther(pair.First, pair.Second));
        Assert.True(different < 0, different < 0 ? null : $"{written[different]} is written as {texts[different]}");
        Assert.True(MemoryMarshal.AsBytes<T>(written).SequenceEqual(JsonArrays.Read(type, texts)), "not all numbers read back the same");
    }

    private static bool IsOther<T>(T value, string text)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var usual = value.ToString("R", CultureInfo.InvariantCulture);
        return text != usual && T.Parse(usual, CultureInfo.InvariantCulture) == value;
    }
}
