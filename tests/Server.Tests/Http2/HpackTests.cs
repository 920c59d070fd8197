using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serving.Server.Http2;
using Serving.Server.Http2.Hpack;

namespace Serving.Server.Tests.Http2;

public sealed class HpackTests
{
    /// <summary>Requests of RFC 7541, appendices C.3 (spelled out) and C.4 (Huffman), each three on one connection.</summary>
    [Theory]
    [InlineData("828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Decode_ExamplesOfTheSpecification_AreReadAsThere(params string[] blocks)
    {
        var decoder = new HpackDecoder(4096);
        string[] expected =
        [
            "GET http / Host=www.example.com",
            "GET http / Host=www.example.com cache-control=no-cache",
            "GET https /index.html Host=www.example.com custom-key=custom-value",
        ];

        Assert.Equal(expected, blocks.Select(block => Read(decoder, Convert.FromHexString(block))));
    }

    [Fact]
    public void Huffman_EveryByte_IsReadAsTheWebServerWritesIt()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        Random.Shared.Shuffle(all);
        var random = new Random(5);
        foreach (var length in Enumerable.Range(0, 256).Concat([1000, 5000]))
        {
            var text = length <= 256 ? all[..length] : Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)).ToArray();
            var encoded = EncodeAsTheWebServer(text);
            var target = new char[Huffman.MostCharacters(encoded.Length)];

            var written = Huffman.Decode(encoded, target);

            Assert.Equal(Encoding.Latin1.GetString(text), new string(target, 0, written));
        }
    }

    [Theory]
    [InlineData("ff", "padding of a whole byte")]
    [InlineData("1c", "padding of zeros")]
    [InlineData("ffffffff", "the end of the string")]
    [InlineData("3fffffff", "the end of the string behind others")]
    public void Huffman_Invalid_IsRefused(string encoded, string why) =>
        Assert.True(Huffman.Decode(Convert.FromHexString(encoded), new char[64]) == -1, why);

    /// <summary>Fields come and go in the table, which changes its size meanwhile; an own, simple table says what each number means.</summary>
    [Fact]
    public void Decode_RememberedFields_AreThoseOfAPlainList()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var decoder = new HpackDecoder(4096);
            var (table, capacity) = (new List<(string Name, string Value)>(), 4096);
            for (var block = 0; block < 50; block++)
            {
                var bytes = new List<byte>();
                if (random.Next(5) == 0)
                {
                    capacity = random.Next(4097);
                    Integer(bytes, 0x20, 5, capacity);
                    Evict(table, capacity);
                }

                var expected = new StringBuilder("GET http /x");
                bytes.AddRange([0x82, 0x86, 0x04, 2, (byte)'/', (byte)'x']);
                for (var field = random.Next(6); field > 0; field--)
                {
                    var (name, value) = table.Count > 0 && random.Next(2) == 0
                        ? Indexed(table, random, bytes)
                        : Remembered(table, random, bytes, capacity);
                    expected.Append(' ').Append(name).Append('=').Append(value);
                }

                Assert.Equal(expected.ToString(), Read(decoder, [.. bytes]));
            }
        }
    }

    [Fact]
    public void Decode_AnyBytes_AreReadOrRefused()
    {
        var random = new Random(11);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var block = Convert.FromHexString("828684418cf1e3c2e5f23a6ba0ab90f4ff408825a849e95ba97d7f8925a849e95bb8e8b4bf0f0d023132");
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                block[random.Next(block.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(new HpackDecoder(4096), block[..random.Next(block.Length + 1)]);
                read++;
            }
            catch (Http2Exception)
            {
                refused++;
            }
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} {refused}");
    }

    [Fact]
    public void Decode_SameFieldsAgain_AreTheSameObjects()
    {
        var decoder = new HpackDecoder(4096);
        var block = RawConnection.Request("POST", "/inference.GRPCInferenceService/ModelInfer", ("grpc-timeout", "5S"));
        var (first, second) = (Head(), Head());

        decoder.Decode(block, first);
        decoder.Decode(block, second);

        Assert.Same(first.Path, second.Path);
        Assert.Equal(first.Fields.ToArray(), second.Fields.ToArray(), ReferenceEqualityComparer.Instance);
    }

    [Theory]
    [InlineData("content-type", "application/grpc")]
    [InlineData("Grpc-Status", "0")]
    [InlineData("x-long", null)]
    public void Write_Field_IsReadAgain(string name, string? value)
    {
        value ??= new string('v', 5000);
        var block = new byte[HpackWriter.Most(name, value)];
        var head = Head();

        new HpackDecoder(4096).Decode(block.AsSpan(0, HpackWriter.WriteField(block, name, value)), head);

        var field = Assert.Single(head.Fields.ToArray());
        Assert.Equal((name.ToLowerInvariant(), value), (field.Name, field.Value));
    }

    private static RequestHead Head()
    {
        var head = new RequestHead(ConnectionLimits.HeaderBytes);
        head.Clear();
        return head;
    }

    private static string Read(HpackDecoder decoder, byte[] block)
    {
        var head = Head();
        decoder.Decode(block, head);
        var fields = string.Join(' ', head.Fields.ToArray().Select(field => $"{field.Name}={field.Value}"));
        return $"{head.Method} {head.Scheme} {head.Path} {fields}".TrimEnd();
    }

    private static (string, string) Indexed(List<(string Name, string Value)> table, Random random, List<byte> bytes)
    {
        var index = random.Next(table.Count);
        Integer(bytes, 0x80, 7, 62 + index);
        return table[index];
    }

    private static (string, string) Remembered(List<(string Name, string Value)> table, Random random, List<byte> bytes, int capacity)
    {
        var (name, value) = ($"n{random.Next(50)}", new string('v', random.Next(200)));
        var named = table.FindIndex(entry => entry.Name == name);
        Integer(bytes, 0x40, 6, named < 0 ? 0 : 62 + named);
        if (named < 0)
        {
            Text(bytes, name);
        }

        Text(bytes, value);
        Evict(table, capacity - name.Length - value.Length - 32);
        if (name.Length + value.Length + 32 <= capacity)
        {
            table.Insert(0, (name, value));
        }

        return (name, value);
    }

    private static void Evict(List<(string Name, string Value)> table, int size)
    {
        while (table.Count > 0 && table.Sum(entry => entry.Name.Length + entry.Value.Length + 32) > size)
        {
            table.RemoveAt(table.Count - 1);
        }
    }

    private static void Text(List<byte> bytes, string text)
    {
        Integer(bytes, 0, 7, text.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private static void Integer(List<byte> bytes, byte first, int bits, int value)
    {
        var target = new byte[8];
        bytes.AddRange(target[..HpackInteger.Write(target, first, bits, value)]);
    }

    /// <summary>The code of each byte as Kestrel has it, which does not offer it to others.</summary>
    private static byte[] EncodeAsTheWebServer(byte[] text)
    {
        var encode = typeof(KestrelServer).Assembly.GetType("System.Net.Http.HPack.Huffman", throwOnError: true)!
            .GetMethod("Encode", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<int, (uint Code, int Bits)>>();
        var bits = new List<bool>();
        foreach (var value in text)
        {
            var (code, length) = encode(value);
            for (var bit = 0; bit < length; bit++)
            {
                bits.Add((code >> (31 - bit) & 1) == 1);
            }
        }

        while (bits.Count % 8 != 0)
        {
            bits.Add(true);
        }

        return [.. bits.Chunk(8).Select(chunk => (byte)chunk.Aggregate(0, (value, bit) => (value << 1) | (bit ? 1 : 0)))];
    }
}
