using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Rest.Json.Numbers;

/// <summary>What is read is bit for bit what .NET's own parsers read.</summary>
public sealed class NumberReadingTests
{
    private const int Count = 150_000;

    private static readonly string[] Edges =
    [
        "0", "-0", "0.0", "-0.0", "0e5", "-0E-400", "0.000000000000000000000000000000", "0e99999999999999999999", "1", "-1", "9", "10", "0.1", "1e0", "1E+0", "1e-0",
        "16777216", "16777217", "16777218", "16777219", "16777217.0000000000000000001", "16777216.9999999999999999999", "33554433", "33554435",
        "9007199254740992", "9007199254740993", "9007199254740994", "9007199254740995", "9007199254740993.00000000000000000000001", "18014398509481985",
        "123456789012345", "12345678901234.5", "1234567890123456", "12345678901234567", "999999999999999", "-99999999999999", "9999999999999999999",
        "3.4028234663852886e38", "3.4028235e38", "3.40282356e38", "-3.4028235677973362e38", "1.17549435e-38", "1.1754942e-38", "1.4e-45", "7.0064923216240853e-46", "7.006492321624086e-46",
        "7e-46", "1e-46", "1e-50", "1e-340", "1e-400", "1e-99999999999999999999", "1.7976931348623157e308", "1.7976931348623158e308", "2.2250738585072014e-308", "2.2250738585072011e-308",
        "5e-324", "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.5e-324", "2e-324", "8.5e-46", "6.5e-46",
        "0.00000000000000000000000000000000000000000000000001e50", "100000000000000000000000000000000000000000000000000e-50", "65504", "65519", "65519.99999", "0.000000059604644775390625", "2.98023223876953125e-8", "2.9802322387695313e-8",
    ];

    [Fact]
    public void Float_AnySpelling_IsBitForBitTheParsedOne() =>
        Check<float>(ElementType.Float32, Numbers(1).Concat(Middles<float>(2, 0x7F7F_FFFF, bits => BitConverter.Int32BitsToSingle((int)bits))));

    [Fact]
    public void Double_AnySpelling_IsBitForBitTheParsedOne() =>
        Check<double>(ElementType.Float64, Numbers(3).Concat(Middles<double>(4, 0x7FEF_FFFF_FFFF_FFFE, BitConverter.Int64BitsToDouble)));

    [Fact]
    public void Half_AnySpelling_IsBitForBitTheParsedOne() =>
        Check<Half>(ElementType.Float16, Numbers(5).Concat(Middles<Half>(6, 0x7BFE, bits => BitConverter.Int16BitsToHalf((short)bits))));

    [Theory]
    [InlineData(ElementType.Float32, "3.4028236e38")]
    [InlineData(ElementType.Float32, "-3.40282356779733661637539395458142568448e38")]
    [InlineData(ElementType.Float32, "1e309")]
    [InlineData(ElementType.Float64, "1.7976931348623159e308")]
    [InlineData(ElementType.Float64, "1e99999999999999999999")]
    [InlineData(ElementType.Float64, "10000000000000000000000000e300")]
    [InlineData(ElementType.Float16, "65520")]
    [InlineData(ElementType.Float16, "65519.9999999999999999")]
    [InlineData(ElementType.BFloat16, "3.3961775292304601e38")]
    public void Read_BeyondTheRange_IsRefusedLikeInfinity(ElementType type, string number)
    {
        var isInfinite = type != ElementType.Float16 || Half.IsInfinity(Half.Parse(number, CultureInfo.InvariantCulture));
        Assert.Equal(!isInfinite, JsonArrays.IsAccepted(type, number));
    }

    [Fact]
    public void Integers_AllWidths_AreExactToTheirLimits()
    {
        CheckIntegers<sbyte>(ElementType.Int8);
        CheckIntegers<byte>(ElementType.UInt8);
        CheckIntegers<short>(ElementType.Int16);
        CheckIntegers<ushort>(ElementType.UInt16);
        CheckIntegers<int>(ElementType.Int32);
        CheckIntegers<uint>(ElementType.UInt32);
        CheckIntegers<long>(ElementType.Int64);
        CheckIntegers<ulong>(ElementType.UInt64);
    }

    private static void Check<T>(ElementType type, IEnumerable<string> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var texts = new List<string>();
        var expected = new List<T>();
        foreach (var text in numbers)
        {
            var value = T.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (T.IsFinite(value))
            {
                texts.Add(text);
                expected.Add(value);
            }
        }

        var read = JsonArrays.Read(type, texts);
        var same = MemoryMarshal.AsBytes<T>(expected.ToArray()).CommonPrefixLength(read);
        Assert.True(same == read.Length, same == read.Length ? null : $"{texts[same / Marshal.SizeOf<T>()]} is read as another number");
        Assert.True(texts.Count > Count, $"{texts.Count} numbers are too few to test anything");
    }

    private static void CheckIntegers<T>(ElementType type)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (least, most) = (BigInteger.CreateChecked(T.MinValue), BigInteger.CreateChecked(T.MaxValue));
        foreach (var near in (BigInteger[])[least, most, 0, -least, most / 10, most * 10, BigInteger.Pow(10, 15), -BigInteger.Pow(10, 15)])
        {
            for (var number = near - 3; number <= near + 3; number++)
            {
                var fits = number >= least && number <= most;
                foreach (var text in (string[])[$"{number}", $"{number}.0", $"{number}e0", $"{number * 10}E-1"])
                {
                    Assert.True(fits == JsonArrays.IsAccepted(type, text), $"{text} as {type}");
                    Assert.True(!fits || JsonArrays.Read(type, [text]).AsSpan().SequenceEqual(MemoryMarshal.AsBytes<T>([T.CreateChecked(number)])), text);
                }
            }
        }
    }

    /// <summary>Numbers of all magnitudes, spelt in all ways that JSON allows.</summary>
    private static IEnumerable<string> Numbers(int seed)
    {
        var random = new Random(seed);
        var culture = CultureInfo.InvariantCulture;
        foreach (var edge in Edges)
        {
            yield return edge;
        }

        for (var i = 0; i < Count; i++)
        {
            var single = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            yield return (float.IsFinite(single) ? single : 0).ToString(culture);
            yield return (double.IsFinite(number) ? number : 0).ToString((i % 3) switch { 0 => "R", 1 => $"E{random.Next(22)}", _ => "G9" }, culture);
            yield return ((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 10))).ToString($"F{random.Next(1, 14)}", culture);
            yield return Decimal(random);
        }
    }

    /// <summary>Up to 25 digits, and often an exponent.</summary>
    private static string Decimal(Random random)
    {
        var digits = string.Concat(Enumerable.Range(0, random.Next(1, 26)).Select(_ => random.Next(10)));
        var point = random.Next(digits.Length + 1);
        var whole = digits[..point].TrimStart('0');
        var exponent = random.Next(3) switch { 0 => "", 1 => $"e{random.Next(-30, 30)}", _ => $"E{(random.Next(2) == 0 ? "+" : "-")}{random.Next(330)}" };
        return $"{(random.Next(2) == 0 ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(point < digits.Length ? "." : "")}{digits[point..]}{exponent}";
    }

    /// <summary>Exactly between two neighbours, and a little beside.</summary>
    private static IEnumerable<string> Middles<T>(int seed, long mostBits, Func<long, T> create)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var bits = random.NextInt64(mostBits);
            var middle = (Exact(create(bits)) + Exact(create(bits + 1))) / 2;
            var digits = middle.ToString(CultureInfo.InvariantCulture);
            yield return $"{digits}e-1100";
            yield return $"{digits}.0000000001e-1100";
            yield return $"{middle - 1}.99999e-1100";
            yield return $"{digits[..Math.Min(18, digits.Length)]}e{digits.Length - Math.Min(18, digits.Length) - 1100}";
        }
    }

    /// <summary>A binary number times 10^1100, which makes every one whole.</summary>
    private static BigInteger Exact<T>(T value)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var bits = BitConverter.DoubleToInt64Bits(double.CreateChecked(value));
        var biased = (int)(bits >> 52) & 0x7FF;
        var mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (biased == 0 ? 0 : 0x10_0000_0000_0000);
        var exponent = Math.Max(biased, 1) - 1075;
        var scaled = mantissa * BigInteger.Pow(10, 1100);
        return exponent < 0 ? scaled >> -exponent : scaled << exponent;
    }
}
