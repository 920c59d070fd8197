using System.Diagnostics;
using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;

namespace Serving.Fuzz.Tests;

/// <summary>Inputs as long as they may be, made to cost much more than they are long.</summary>
public sealed class HostileInputTests
{
    /// <summary>None takes a tenth of it, even on a busy machine; what grows with the square of the length takes minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Beginning, what is repeated, end.</summary>
    public static TheoryData<string, string, string> YamlTexts => new()
    {
        { "", "[", "" },
        { "", "{", "" },
        { "", "{a: ", "" },
        { "", "- ", "" },
        { "", "? ", "" },
        { "", "&a ", "" },
        { "a: &a [x, x]\nb: ", "&b [*a, *a]", "" },
        { "", "- &a [*a, *a]\n", "" },
        { "", "!!str ", "" },
        { "", "a: 1\n", "" },
        { "axes: {", "a: 1, ", "}" },
        { "file: '", "''", "" },
        { "file: \"", "\\u0041", "" },
        { "file: |\n", " x\n", "" },
        { "", "#\n", "" },
        { "", "\n", "x: 1" },
        { "", "---\n", "" },
        { "", "%YAML 1.2\n", "" },
        { "custom_ops: [", "x, ", "]" },
        { "providers: [", "x, ", "]" },
        { "", "a", ": 1" },
        { "", " ", "a: 1" },
    };

    public static TheoryData<string, string, string> PbtxtTexts => new()
    {
        { "", "a{", "" },
        { "", "input<", "" },
        { "", "a:1 ", "" },
        { "", "input{}", "" },
        { "parameters ", "{key:'a'}", "" },
        { "parameters [", "{key:'a'},", "]" },
        { "name:", "'a'", "" },
        { "name:'", "\\101", "'" },
        { "name:'", "\\u0041\\x41", "'" },
        { "input{dims:[", "1,", "1]}" },
        { "max_batch_size: 0", "0", "" },
        { "max_batch_size: 0x", "f", "" },
        { "", "#\n", "" },
        { "", "a", ": 1" },
        { "version_policy{specific{versions:[", "1,", "1]}}" },
    };

    [Theory]
    [MemberData(nameof(YamlTexts))]
    public void ModelYaml_LongText_TakesLittleTimeAndMemory(string start, string middle, string end) =>
        AssertCheap(text => ModelYamlReader.Read(text, "f"), start, middle, end);

    [Theory]
    [MemberData(nameof(PbtxtTexts))]
    public void ConfigPbtxt_LongText_TakesLittleTimeAndMemory(string start, string middle, string end) =>
        AssertCheap(text => ConfigPbtxtReader.Read(text, "f", "m"), start, middle, end);

    private static void AssertCheap(Action<string> read, string start, string middle, string end)
    {
        const int Length = 1 << 20;
        var text = start + string.Concat(Enumerable.Repeat(middle, (Length - start.Length - end.Length) / middle.Length)) + end;
        var (time, cost) = (Stopwatch.GetTimestamp(), Cost.Start());
        try
        {
            read(text);
        }
        catch (ConfigException error)
        {
            Assert.InRange(error.Message.Length, 1, 4 * Length);
        }

        // In all, not at once: each of a quarter of a million errors is put into words before it is found to be one too many.
        cost.AtMost(1000L * Length);
        Assert.InRange(Stopwatch.GetElapsedTime(time), TimeSpan.Zero, Patience);
    }
}
