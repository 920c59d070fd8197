using System.Text;
using System.Text.Json.Nodes;
using Serving.Runtime.Configuration;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tests.Tokenization;

public sealed class TokenizerTests
{
    private static readonly Tokenizer Bert = Tokenizer.Load(ReferenceFile("wordpiece"));
    private static readonly Tokenizer Gpt = Tokenizer.Load(ReferenceFile("bytelevel-bpe"));

    [Fact]
    public void Encode_OffsetUnits_CountWhatTheySay()
    {
        const string Text = "é😀x";
        var utf16 = Gpt.Encode(Text, options: Gpt.Options with { Offsets = OffsetUnit.Utf16 });
        var bytes = Gpt.Encode(Text, options: Gpt.Options with { Offsets = OffsetUnit.Utf8Bytes });
        var points = Gpt.Encode(Text);

        Assert.Equal((3, 4), utf16.Offsets[^2]);
        Assert.Equal((6, 7), bytes.Offsets[^2]);
        Assert.Equal((2, 3), points.Offsets[^2]);
    }

    [Fact]
    public void Encode_Windows_CoverTheTextAndOverlapByTheStride()
    {
        var text = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"word{i}"));
        var all = Bert.Encode(text, options: Bert.Options with { AddSpecialTokens = false }).Ids.ToArray();
        var options = Bert.Options with { Truncation = new TruncationOptions { MaxLength = 34, Stride = 8 } };
        var first = Bert.Encode(text, options: options);

        var joined = first.Ids[1..^1].ToArray().AsEnumerable();
        foreach (var window in first.Overflowing)
        {
            Assert.Equal(joined.TakeLast(8), window.Ids[1..9].ToArray());
            Assert.True(window.Length <= 34, $"{window.Length} tokens");
            joined = joined.Concat(window.Ids[9..^1].ToArray()).ToList();
        }

        Assert.Equal(all, joined);
    }

    [Fact]
    public void EncodeBatch_PaddingWithoutLength_AllAreAsLongAsTheLongest()
    {
        var options = Bert.Options with { Padding = new PaddingOptions { MultipleOf = 8 } };
        var encodings = Bert.EncodeBatch(["a", "the quick brown fox jumps over the lazy dog"], options);

        Assert.All(encodings, e => Assert.Equal(encodings[1].Length, e.Length));
        Assert.Equal(0, encodings[0].Length % 8);
        Assert.Equal(3, encodings[0].AttentionMask.ToArray().Sum());
    }

    [Fact]
    public void Encode_LoneSurrogate_IsReplacementCharacter() =>
        Assert.Equal(Gpt.Encode("a\uFFFDb").Ids.ToArray(), Gpt.Encode("a\uD83Db").Ids.ToArray());

    [Fact]
    public async Task Encode_ManyThreads_AllGetTheSame()
    {
        var texts = Enumerable.Range(0, 200).Select(i => $"Text number {i}: naïve café 中文 😀 {i * 7919} don't").ToArray();
        var expected = texts.Select(t => (Bert.Encode(t).Ids.ToArray(), Gpt.Encode(t).Ids.ToArray())).ToArray();
        var (bert, gpt) = (Tokenizer.Load(ReferenceFile("wordpiece")), Tokenizer.Load(ReferenceFile("bytelevel-bpe")));
        var runs = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < texts.Length; i++)
            {
                Assert.Equal(expected[i].Item1, bert.Encode(texts[i]).Ids.ToArray());
                Assert.Equal(expected[i].Item2, gpt.Encode(texts[i]).Ids.ToArray());
            }
        }));
        await Task.WhenAll(runs).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Encode_WordOfAMillionCharacters_RoundTrips()
    {
        // A merge that looks through the whole word each time would take hours.
        var text = string.Concat(Enumerable.Repeat("the", 300_000));
        Assert.Equal(text, Gpt.Decode(Gpt.Encode(text).Ids));
    }

    [Fact]
    public void Encode_TextTooLong_SaysWhatIsAllowed()
    {
        var error = Assert.Throws<TokenizationException>(() => Bert.Encode(new string('a', TokenizationLimits.TextLength + 1)));
        Assert.Contains("4194304", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_PatternThatGoesBackForEver_EndsWithAnError()
    {
        var tokenizer = Load(root => root["pre_tokenizer"] = Split("(a|a|aa)+$b"));
        var error = Assert.Throws<TokenizationException>(() => tokenizer.Encode(new string('a', 5000)));
        Assert.Contains("too many steps", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, tokenizer.Encode("hello").Length);
    }

    [Theory]
    [InlineData(2, 0, "leaves no room")]
    [InlineData(5, 3, "stride")]
    public void Encode_TruncationThatCannotBe_SaysWhy(int maxLength, int stride, string expected)
    {
        var options = Bert.Options with { Truncation = new TruncationOptions { MaxLength = maxLength, Stride = stride } };
        var error = Assert.Throws<TokenizationException>(() => Bert.Encode("one two three four five six", maxLength == 2 ? "pair" : null, options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_PairOfManyParts_IsRefused()
    {
        var options = Bert.Options with { Truncation = new TruncationOptions { MaxLength = 5 } };
        var text = string.Concat(Enumerable.Repeat("a ", 1000));
        Assert.Throws<TokenizationException>(() => Bert.Encode(text, text, options));
    }

    [Fact]
    public void IdOf_KnownAndUnknown_FindsAddedTokensToo()
    {
        Assert.Equal(2, Bert.IdOf("[CLS]"));
        Assert.Null(Bert.IdOf("no such token"));
        Assert.Equal("[CLS]", Bert.TokenOf(2));
        Assert.Null(Bert.TokenOf(1_000_000));
        Assert.Equal(4000, Bert.VocabularySize);
    }

    [Theory]
    [InlineData("model", "{}", "'vocab' is missing")]
    [InlineData("model", "{\"type\":\"Nope\"}", "model: there is no model 'Nope'")]
    [InlineData("model", "{\"type\":\"WordLevel\",\"unk_token\":\"x\",\"vocab\":{\"a\":-1}}", "model.vocab.a: is '-1'")]
    [InlineData("model", "{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}", "model.merges[0]: 'b' is not in the vocabulary")]
    [InlineData("model", "{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"dropout\":0.1}", "model.dropout: ")]
    [InlineData("model", "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]],\"unk_id\":1}", "model.unk_id: is 1")]
    [InlineData("normalizer", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFX\"}]}", "normalizer.normalizers[0].type: there is no normalizer 'NFX'")]
    [InlineData("normalizer", "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}", "normalizer.precompiled_charsmap: ")]
    [InlineData("pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a\"},\"behavior\":\"Isolated\"}", "pre_tokenizer.pattern.Regex: the pattern cannot be used: a '(' without its ')'")]
    [InlineData("pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a)\\\\1\"},\"behavior\":\"Isolated\"}", "'\\1' is not supported")]
    [InlineData("pre_tokenizer", "{\"type\":\"Digits\",\"individual_digits\":1}", "pre_tokenizer.individual_digits: is a number, expected is true or false")]
    [InlineData("post_processor", "{\"type\":\"BertProcessing\",\"cls\":[1],\"sep\":[\"a\",1]}", "post_processor.cls: expected is a token and its id")]
    [InlineData("decoder", "[]", "decoder: is an array, expected is an object")]
    [InlineData("added_tokens", "[{\"id\":0}]", "added_tokens[0]: 'content' is missing")]
    [InlineData("truncation", "{\"max_length\":5,\"strategy\":\"Middle\"}", "truncation.strategy: is 'Middle', allowed are LongestFirst, OnlyFirst, OnlySecond")]
    public void Load_WrongPart_NamesKey(string key, string value, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Load(root => root[key] = JsonNode.Parse(value)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoJson_SaysSo() =>
        Assert.Contains("is no JSON", Assert.Throws<ConfigException>(() => Tokenizer.Load("{"u8.ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NoFile_NamesIt() =>
        Assert.Contains("missing.json", Assert.Throws<ConfigException>(() => Tokenizer.Load("/nowhere/missing.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_DamagedFile_NeverAnotherException()
    {
        var file = File.ReadAllBytes(ReferenceFile("wordpiece"));
        var random = new Random(17);
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            var damaged = file.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(2500)] = (byte)"{}[]\",:0ax"[random.Next(10)];
            }

            try
            {
                Tokenizer.Load(damaged).Encode("some text");
            }
            catch (Exception error) when (error is ConfigException or TokenizationException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 60);
    }

    private static string ReferenceFile(string name) =>
        Path.Combine(TestKit.Source.SourceTree.Root, "tests", "tokenizers", "zoo", $"{name}.tokenizer.json");

    private static JsonNode Split(string pattern) => JsonNode.Parse(
        $$$"""{"type":"Split","pattern":{"Regex":"{{{pattern}}}"},"behavior":"Isolated","invert":false}""")!;

    private static Tokenizer Load(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(File.ReadAllText(ReferenceFile("wordpiece")))!;
        change(root);
        return Tokenizer.Load(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }
}
