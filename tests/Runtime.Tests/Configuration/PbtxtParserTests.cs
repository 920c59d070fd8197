using Serving.Runtime.Configuration.Pbtxt;

namespace Serving.Runtime.Tests.Configuration;

public sealed class PbtxtParserTests
{
    [Fact]
    public void Parse_EveryFormOfField_GivesTheSameTree()
    {
        var expected = Show(PbtxtParser.Parse("a: 1 a: 2 m { b: true } m { b: false }"));

        Assert.Equal("a=1 a=2 m={b=true} m={b=false}", expected);
        Assert.Equal(expected, Show(PbtxtParser.Parse("a: [1, 2] m: [ { b: true }, { b: false } ]")));
        Assert.Equal(expected, Show(PbtxtParser.Parse("a:1,a:2;m<b:true>,m:<b:false;>")));
        Assert.Equal(expected, Show(PbtxtParser.Parse("# first\na: 1 # one\r\na:\n2 m [ <b: true,> , {b: false} ] # end")));
        Assert.Equal(expected, Show(PbtxtParser.Parse("\uFEFFa: [1, 2] m: { b: true } n: [] m { b: false }")));
    }

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("'x\"y'", "x\"y")]
    [InlineData("\"a\" 'b'\n\"c\"", "abc")]
    [InlineData("\"a\" # comment\n \"b\"", "ab")]
    [InlineData(@"'\n\t\\\'\""\?'", "\n\t\\'\"?")]
    [InlineData(@"'\x41\101\u00e9\U0001F600'", "AAé😀")]
    [InlineData(@"'\303\251'", "é")]
    [InlineData("'#{}'", "#{}")]
    [InlineData("'\uD83D\uDE00'", "😀")]
    public void Parse_String_ResolvesEscapes(string text, string value)
    {
        Assert.Equal(value, PbtxtValues.Text(PbtxtParser.Parse("a: " + text).One("a")));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-7", -7)]
    [InlineData("- 7", -7)]
    [InlineData("0x1F", 31)]
    [InlineData("-0x10", -16)]
    [InlineData("017", 15)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integer_Number_IsRead(string text, long value)
    {
        Assert.Equal(value, PbtxtValues.Integer(PbtxtParser.Parse("a: " + text).One("a")));
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0xZ")]
    [InlineData("08")]
    [InlineData("'1'")]
    [InlineData("inf")]
    [InlineData("-nan")]
    [InlineData("07777777777777777777777777777777777777777777777777777")]
    public void Integer_SomethingElse_IsNull(string text)
    {
        Assert.Null(PbtxtValues.Integer(PbtxtParser.Parse("a: " + text).One("a")));
    }

    [Theory]
    [InlineData("a", 1, 2, "the end of the file stands where ':' or '{' is expected")]
    [InlineData("a:", 1, 3, "the end of the file stands where a value is expected")]
    [InlineData("a {", 1, 4, "the end of the file stands where a field's name or '}' is expected")]
    [InlineData("a { >", 1, 5, "'>' stands where a field's name or '}' is expected")]
    [InlineData("\n  a: }", 2, 6, "'}' stands where a value is expected")]
    [InlineData("a: [1 2]", 1, 7, "'2' stands where ',' or ']' is expected")]
    [InlineData("a: -'x'", 1, 5, "'x' stands where a value is expected")]
    [InlineData("1: 2", 1, 1, "'1' stands where a field's name is expected")]
    [InlineData("a: 'x\n'", 1, 4, "the string that begins here does not end in its line")]
    [InlineData("a: 'x", 1, 4, "the string that begins here does not end in its line")]
    [InlineData(@"a: '\q'", 1, 4, "the string that begins here has the unknown escape '\\q'")]
    [InlineData(@"a: '\xZ'", 1, 4, "the string that begins here has an escape that is no byte")]
    [InlineData(@"a: '\777'", 1, 4, "the string that begins here has an escape that is no byte")]
    [InlineData(@"a: '\ud800'", 1, 4, "the string that begins here has an escape that is no character")]
    [InlineData(@"a: '\xff'", 1, 4, "the string that begins here is not valid UTF-8")]
    [InlineData("a: 'x' $", 1, 8, "the character '$' cannot stand here")]
    [InlineData("[foo.bar]: 1", 1, 1, "'[' stands where a field's name is expected")]
    public void Parse_WrongText_SaysWhereAndWhat(string text, int line, int column, string message)
    {
        var error = Assert.Throws<PbtxtSyntaxException>(() => PbtxtParser.Parse(text));

        Assert.Equal((line, column, message), (error.At.Line, error.At.Column, error.Message));
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        var error = Assert.Throws<PbtxtSyntaxException>(() => PbtxtParser.Parse(string.Concat(Enumerable.Repeat("a {", 100_000))));

        Assert.Contains("deeper than", error.Message, StringComparison.Ordinal);
    }

    private static string Show(PbtxtNode node) => node switch
    {
        PbtxtNode.Scalar scalar => scalar.Text,
        PbtxtNode.Message message => string.Join(' ', message.Fields.Select(f => f.Value is PbtxtNode.Message ? $"{f.Name}={{{Show(f.Value)}}}" : $"{f.Name}={Show(f.Value)}")),
        _ => throw new InvalidOperationException(),
    };
}
