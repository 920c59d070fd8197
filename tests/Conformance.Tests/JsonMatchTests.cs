using System.Text.Json.Nodes;
using Serving.Conformance.Expectations;
using Serving.Conformance.Protocols;

namespace Serving.Conformance.Tests;

public sealed class JsonMatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""")]
    [InlineData("""[1,{"$type":"string"}]""", """[1.0,"x"]""")]
    [InlineData("""{"a":{"$absent":true}}""", """{"b":1}""")]
    [InlineData("""{"$has":[{"n":2}]}""", """[{"n":1},{"n":2,"m":3}]""")]
    [InlineData("""{"$each":{"$atLeast":1}}""", """[1,2]""")]
    [InlineData("""{"b":{"$same":"a.0"}}""", """{"a":[5],"b":5}""")]
    [InlineData("""{"$saved":"five","$plus":2}""", "7")]
    [InlineData("""{"$oneOf":[1,"x"]}""", "\"x\"")]
    [InlineData("""{"a":null}""", """{"a":null}""")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    public void Matches_WhatFits_IsTrue(string pattern, string actual) => Assert.True(Matches(pattern, actual));

    [Theory]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":null}""", """{}""")]
    [InlineData("[1]", "[1,2]")]
    [InlineData("1", "\"1\"")]
    [InlineData("""{"a":{"$absent":true}}""", """{"a":null}""")]
    [InlineData("""{"$has":[{"n":2}]}""", """[{"n":1}]""")]
    [InlineData("""{"$each":{"$atLeast":2}}""", """[1,2]""")]
    [InlineData("""{"$each":{"$type":"string"}}""", """{}""")]
    [InlineData("""{"b":{"$same":"a.0"}}""", """{"a":[5],"b":6}""")]
    [InlineData("""{"$saved":"five","$plus":2}""", "6")]
    [InlineData("""{"$not":{"$matches":"x"}}""", "\"axb\"")]
    [InlineData("""{"$type":"integer"}""", "1.5")]
    [InlineData("""{"$empty":true}""", """{"a":1}""")]
    public void Matches_WhatDoesNotFit_IsFalse(string pattern, string actual) => Assert.False(Matches(pattern, actual));

    private static bool Matches(string pattern, string actual)
    {
        var json = JsonNode.Parse(actual);
        var reply = new Reply("200", actual) { Json = json };
        return new JsonMatch(reply, new Dictionary<string, string> { ["five"] = "5" }).Matches(JsonNode.Parse(pattern), json);
    }
}
