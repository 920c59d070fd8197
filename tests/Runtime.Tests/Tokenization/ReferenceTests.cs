using System.Text.Json;
using Serving.Runtime.Tokenization;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tokenization;

/// <summary>Everything that an encoding holds, and decoded text, equals the reference library's.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Names() => [.. ReferenceCases.Names()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_RandomTexts_EqualsReference(string name)
    {
        var tokenizer = Tokenizer.Load(ReferenceCases.Tokenizer(name));
        using var cases = ReferenceCases.Cases(name);
        var differences = new List<string>();
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            if (Difference(tokenizer, one) is { } difference)
            {
                differences.Add($"{one.GetProperty("text").GetRawText()} {one.GetProperty("pair").GetRawText()}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {cases.RootElement.GetArrayLength()} differ:\n{string.Join('\n', differences.Take(5))}");
    }

    [Theory]
    [InlineData("wordpiece")]
    [InlineData("bytelevel-bpe")]
    public void Encode_ZooTokenizer_EqualsReference(string name)
    {
        var folder = Path.Combine(SourceTree.Root, "tests", "tokenizers", "zoo");
        var tokenizer = Tokenizer.Load(Path.Combine(folder, $"{name}.tokenizer.json"));
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"{name}.cases.json")));
        foreach (var one in cases.RootElement.GetProperty("single").EnumerateArray())
        {
            var encoding = tokenizer.Encode(one.GetProperty("text").GetString()!);
            AssertEqual(one, encoding);
            Assert.Equal(one.GetProperty("decoded").GetString(), tokenizer.Decode(encoding.Ids));
        }

        foreach (var one in cases.RootElement.GetProperty("pairs").EnumerateArray())
        {
            AssertEqual(one, tokenizer.Encode(one.GetProperty("a").GetString()!, one.GetProperty("b").GetString()));
        }
    }

    private static void AssertEqual(JsonElement expected, TokenEncoding encoding)
    {
        Assert.Equal(Numbers(expected, "ids"), encoding.Ids.ToArray());
        Assert.Equal(Numbers(expected, "type_ids"), encoding.TypeIds.ToArray());
        if (expected.TryGetProperty("tokens", out var tokens))
        {
            Assert.Equal(tokens.EnumerateArray().Select(t => t.GetString()), encoding.Tokens);
        }

        if (expected.TryGetProperty("offsets", out _))
        {
            Assert.Equal(Offsets(expected), encoding.Offsets.ToArray());
        }
    }

    private static string? Difference(Tokenizer tokenizer, JsonElement one)
    {
        TokenEncoding encoding;
        var options = tokenizer.Options with { AddSpecialTokens = one.GetProperty("add").GetBoolean() };
        try
        {
            encoding = tokenizer.Encode(one.GetProperty("text").GetString()!, one.GetProperty("pair").GetString(), options);
        }
        catch (TokenizationException error)
        {
            return one.TryGetProperty("error", out _) ? null : error.Message;
        }

        if (one.TryGetProperty("error", out var expected))
        {
            return $"expected is the error '{expected}'";
        }

        var overflow = one.GetProperty("overflow");
        if (overflow.GetArrayLength() != encoding.Overflowing.Count)
        {
            return $"overflow: {overflow.GetArrayLength()} expected, {encoding.Overflowing.Count} are there";
        }

        return Difference(one, encoding)
            ?? overflow.EnumerateArray().Select((o, i) => Difference(o, encoding.Overflowing[i])).FirstOrDefault(d => d is not null)
            ?? Difference("decoded", one.GetProperty("decoded").GetString(), tokenizer.Decode(encoding.Ids, skipSpecial: false))
            ?? Difference("skipped", one.GetProperty("skipped").GetString(), tokenizer.Decode(encoding.Ids));
    }

    private static string? Difference(JsonElement expected, TokenEncoding encoding) =>
        Difference("tokens", expected.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()), encoding.Tokens)
        ?? Difference("ids", Numbers(expected, "ids"), encoding.Ids.ToArray())
        ?? Difference("offsets", Offsets(expected), encoding.Offsets.ToArray())
        ?? Difference("types", Numbers(expected, "types"), encoding.TypeIds.ToArray())
        ?? Difference("mask", Numbers(expected, "mask"), encoding.AttentionMask.ToArray())
        ?? Difference("special", Numbers(expected, "special"), encoding.SpecialTokensMask.ToArray())
        ?? Difference("words", Numbers(expected, "words"), encoding.WordIds.ToArray());

    private static string? Difference<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual) =>
        Difference(what, string.Join(" ", expected), string.Join(" ", actual));

    private static string? Difference(string what, string? expected, string actual) =>
        expected == actual ? null : $"{what}:\n  expected {expected}\n  actual   {actual}";

    private static int[] Numbers(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];

    private static (int, int)[] Offsets(JsonElement one) =>
        [.. one.GetProperty("offsets").EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32()))];
}
