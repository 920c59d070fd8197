using Serving.Runtime.Tokenization.Patterns;

namespace Serving.Runtime.Tests.Tokenization;

/// <summary>What the random texts of the reference cases seldom meet; each expectation was asked of Oniguruma.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData(@"\p{L}+", "1𝒳é中2", "𝒳é中")]
    [InlineData(@"[^\p{L}]", "𝒳𐐀😀x", "😀")]
    [InlineData(@"[😀-😂]+", "a😁😂b", "😁😂")]
    [InlineData(@"a{2,3}+", "aaaaaaa", "aaaaaa")]
    [InlineData(@"a++a", "aaa", null)]
    [InlineData(@"(?>a|ab)c", "abc", null)]
    [InlineData(@"(?<=é|ab)c", "abc", "c")]
    [InlineData(@"(?<!𝒳)c", "𝒳c", null)]
    [InlineData(@"(?i:ſ)T", "sT", "sT")]
    [InlineData(@"\w+", "½_a", "½_a")]
    [InlineData(@"[\w]+", "½_a", "_a")]
    [InlineData(@"(?m:.+)", "a\nb", "a\nb")]
    [InlineData(@".+", "a\nb", "a")]
    [InlineData(@"x*?$", "xx", "xx")]
    [InlineData(@"[a-c&&[^b]]+", "bacb", "ac")]
    [InlineData(@"[[:^alpha:]]+", "a12b", "12")]
    [InlineData(@"\x{1F600}|\u00e9", "aé", "é")]
    [InlineData(@"(?x) a b # c", "ab", "ab")]
    [InlineData(@"(?:a?)*b", "aab", "aab")]
    [InlineData(@"a{,2}b", "aaab", "aab")]
    [InlineData(@"a{x}", "a{x}", "a{x}")]
    public void Find_FirstMatch_IsOnigurumas(string pattern, string text, string? expected)
    {
        var machine = new PatternMachine();
        machine.Begin(text.Length);
        var start = machine.Find(new Pattern(pattern), text, 0, out var end);
        Assert.Equal(expected, start < 0 ? null : text[start..end]);
    }

    [Theory]
    [InlineData(@"a)")]
    [InlineData(@"[a")]
    [InlineData(@"*a")]
    [InlineData(@"\p{Nonsense}")]
    [InlineData(@"[b-a]")]
    [InlineData(@"(?<=a+)b")]
    [InlineData(@"\Kb")]
    [InlineData(@"(?(1)a)")]
    [InlineData(@"((((a{1000}){1000}){1000}){1000})")]
    public void New_CannotBeUsed_IsPatternException(string pattern) =>
        Assert.Throws<PatternException>(() => new Pattern(pattern));
}
