using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.Json;

/// <summary>Reading from the bytes is reading token by token: the same values, the same errors, the same place afterwards.</summary>
[Collection(PoolCollection.Name)]
public sealed class ArrayReaderTests
{
    private const int Rounds = 30_000;
    private const string Behind = " , {\"more\" : [1]}]";

    private static readonly long[][] Shapes = [[], [1], [5], [40], [2, 3], [1, 1, 5], [3, 2, 2, 2], [0], [2, 0, 3], [7, 3]];

    private static readonly string[] Fragments =
    [
        "[", "]", "[]", ",", "\"", "\\", ".", "-", "+", "e", "E5", "0", "00", "1.", ".5", "-.5", "+1", "1e", "0x1", "NaN", "Infinity", "\"NaN\"", "\"-Infinity\"", "\"\\u004eaN\"",
        "true", "false", "tru", "null", "1e999", "1e-999", "99999999999999999999", "123456789012345678", "0.1234567890123456789", "3.0", "-0", "{}", " ", "\t\r\n", "\u00a0", "\0",
        "\"a\\n\"", "\"\\ud800\"", "\"\\x\"", "/**/", "1 2", "1,,2",
    ];

    [Fact]
    public void Read_RandomArrays_GiveTheValuesOfTheTokens()
    {
        var random = new Random(1);
        foreach (var shape in Enumerable.Range(0, 20).SelectMany(_ => Shapes).Where(shape => shape.Length > 0))
        {
            var floats = Enumerable.Range(0, (int)shape.Aggregate(1L, (product, extent) => product * extent))
                .Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 20)))).ToArray();
            var position = 0;
            var text = Nest(shape, 0, () => JsonSerializer.Serialize(floats[position++]), random);
            var (json, expected) = (Encoding.UTF8.GetBytes($"[{text}{Behind}"), new List<float>());
            for (var tokens = new Utf8JsonReader(Encoding.UTF8.GetBytes(text)); tokens.Read();)
            {
                if (tokens.TokenType == JsonTokenType.Number)
                {
                    expected.Add(tokens.GetSingle());
                }
            }

            var result = Read(json, ElementType.Float32, new TensorShape(shape), fromBytes: true);
            Assert.Equal(MemoryMarshal.AsBytes<float>(expected.ToArray()).ToArray(), result.Bytes);
            Assert.Equal(floats, expected);
            Assert.Null(result.Error);
        }
    }

    [Fact]
    public void Read_MutatedArrays_AgreeWithTheTokens()
    {
        var random = new Random(20_27);
        var types = Enum.GetValues<ElementType>();
        var rented = BufferPool.Shared.RentedBytes;
        var (accepted, refused, malformed) = (0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var type = types[random.Next(types.Length)];
            var shape = Shapes[random.Next(Shapes.Length)];
            var sample = SampleTensor.Create(type, random, shape);
            var position = 0;
            var text = random.Next(4) == 0 ? sample.Flat : Nest(shape, 0, () => sample.Elements[position++], random);
            for (var mutations = random.Next(3); mutations > 0; mutations--)
            {
                var at = random.Next(text.Length);
                var cut = random.Next(2) == 0 ? 0 : Math.Min(random.Next(1, 4), text.Length - at);
                text = text[..at] + (random.Next(3) == 0 ? "" : Fragments[random.Next(Fragments.Length)]) + text[(at + cut)..] + (at + cut == text.Length ? " " : "");
            }

            var json = Encoding.UTF8.GetBytes($"[{text}{(random.Next(20) == 0 ? "" : Behind)}");
            var (fast, slow) = (Read(json, type, new TensorShape(shape), fromBytes: true), Read(json, type, new TensorShape(shape), fromBytes: false));
            Assert.True(fast.Error == slow.Error && fast.Behind == slow.Behind, $"{type} [{string.Join(',', shape)}] {text}: {fast.Error} / {slow.Error}");
            Assert.Equal(slow.Bytes, fast.Bytes);
            _ = slow.Error is null ? accepted++ : slow.IsMalformed ? malformed++ : refused++;
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
        Assert.True(accepted > Rounds / 5 && refused > Rounds / 20 && malformed > Rounds / 20, $"{accepted} accepted, {refused} refused, {malformed} malformed");
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    public void Read_NestedToTheLimit_IsReadAndNotBeyond(int depth)
    {
        var shape = new TensorShape([.. Enumerable.Repeat(1L, depth)]);
        var json = Encoding.UTF8.GetBytes($"[{new string('[', depth)}7{new string(']', depth)}{Behind}");
        var result = Read(json, ElementType.UInt8, shape, fromBytes: true);
        Assert.Equal(depth == 64, result.IsMalformed);
        Assert.Equal(depth == 64 ? null : [7], result.Bytes);
    }

    /// <summary>Reads the first element of an array as a tensor, then the rest of it.</summary>
    private static (byte[]? Bytes, string? Error, bool IsMalformed, string? Behind) Read(byte[] json, ElementType type, TensorShape shape, bool fromBytes)
    {
        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        try
        {
            reader.Read();
            reader.Read();
            var outcome = fromBytes
                ? TensorDataReader.Read(ref reader, json, "x", type, shape)
                : TensorDataReader.Read(ref reader, "x", type, shape, json.Length - reader.TokenStartIndex);
            if (!outcome.TryGetValue(out var block, out var failure))
            {
                return (null, failure.Message, false, null);
            }

            using (block)
            {
                var behind = $"{reader.TokenType} {reader.CurrentDepth}";
                while (reader.Read())
                {
                    behind += $" {reader.TokenType}";
                }

                return (block.WrittenMemory.ToArray(), null, false, behind);
            }
        }
        catch (JsonException exception)
        {
            return (null, JsonText.DescribeMalformed(json, exception), true, null);
        }
    }

    private static string Nest(long[] shape, int axis, Func<string> next, Random random)
    {
        var space = () => new string([.. Enumerable.Range(0, random.Next(4) == 0 ? random.Next(5) : 0).Select(_ => " \t\r\n"[random.Next(4)])]);
        if (axis == shape.Length)
        {
            return next();
        }

        var parts = Enumerable.Range(0, (int)shape[axis]).Select(_ => space() + Nest(shape, axis + 1, next, random) + space()).ToArray();
        return $"[{string.Join(",", parts)}{(parts.Length == 0 ? space() : "")}]";
    }
}
