using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

public sealed class ParametersTests
{
    [Theory]
    [InlineData(""" "a":"text","b":1,"c":1.5,"d":true,"headers":"h" """)]
    [InlineData(""" "sequence_id":0,"sequence_start":false,"sequence_end":true """)]
    [InlineData(""" "sequence_id":"" """)]
    public void Read_ParametersOfNoConsequence_AreAccepted(string parameters) => Decoded.Valid(Request(parameters)).Dispose();

    [Theory]
    [InlineData(""" "a":null """, "parameter 'a' of the request must be a string, a number or a boolean")]
    [InlineData(""" "a":[1] """, "'a'")]
    [InlineData(""" "a":{"b":1} """, "'a'")]
    [InlineData(""" "binary_data_output":1 """, "'binary_data_output' of the request must be true or false")]
    [InlineData(""" "timeout":-1 """, "'timeout' of the request must be a whole number")]
    [InlineData(""" "timeout":"5" """, "'timeout'")]
    [InlineData(""" "priority":1.5 """, "'priority'")]
    [InlineData(""" "priority":4294967296 """, "'priority' of the request is 4294967296, expected 0 to 2147483647")]
    [InlineData(""" "sequence_start":1 """, "'sequence_start'")]
    [InlineData(""" "sequence_id":true """, "'sequence_id'")]
    [InlineData(""" "triton_enable_empty_final_response":true """, "reserved")]
    [InlineData(""" "triton_":1 """, "reserved")]
    [InlineData(""" "\ud800":1 """, "not text")]
    public void Read_WrongParameter_IsRefused(string parameters, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Request(parameters)));

    [Fact]
    public void Read_ParametersThatAreNoObject_IsRefused() =>
        Assert.Contains("parameters of the request must be an object", Decoded.Refused(Decoded.Read("""{"inputs":[],"parameters":[]}""")));

    [Theory]
    [InlineData(""" "sequence_id":7 """)]
    [InlineData(""" "sequence_id":"s" """)]
    public void Read_Sequences_AreNotOffered(string parameters) =>
        Assert.Contains("sequence", Decoded.Refused(Request(parameters), InferenceError.Unsupported));

    [Fact]
    public void Read_Priority_ComesFromTheParameterBeforeTheHeader()
    {
        using var parameter = Decoded.Valid(Read(""" "priority":3 """, Decoded.Target(priority: 9)));
        using var header = Decoded.Valid(Read("", Decoded.Target(priority: 9)));
        Assert.Equal(3, parameter.Request.Priority);
        Assert.Equal(9, header.Request.Priority);
    }

    [Theory]
    [InlineData(2000, null, 2000)]
    [InlineData(0, null, null)]
    [InlineData(2000, 1, 1000)]
    [InlineData(500, 1, 500)]
    [InlineData(0, 1, 1000)]
    public void Read_Deadline_IsTheEarlierOfParameterAndHeader(long microseconds, int? headerMilliseconds, int? expectedMicroseconds)
    {
        var header = headerMilliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        using var decoded = Decoded.Valid(Read($""" "timeout":{microseconds} """, Decoded.Target(timeout: header)));
        var expected = expectedMicroseconds is { } us ? 1000 + (us * TimeProvider.System.TimestampFrequency / 1_000_000) : 0;
        Assert.Equal(expected, decoded.Request.Deadline);
    }

    [Fact]
    public void Read_DeadlineBeyondTheClock_IsNone()
    {
        using var decoded = Decoded.Valid(Request($""" "timeout":{ulong.MaxValue} """));
        Assert.Equal(0, decoded.Request.Deadline);
    }

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, """ "binary_data":false """, false)]
    [InlineData(false, """ "binary_data":true """, true)]
    [InlineData(false, "", false)]
    public void Outputs_BinaryData_OverridesTheRequestOnlyWhereGiven(bool byDefault, string parameters, bool expected)
    {
        var json = $$$"""{"inputs":[],"outputs":[{"name":"p","parameters":{{{{parameters}}}}}],"parameters":{"binary_data_output":{{{(byDefault ? "true" : "false")}}}}}""";
        using var decoded = Decoded.Valid(Decoded.Read(json));
        Assert.Equal(expected, decoded.Outputs.IsBinary("p"));
        Assert.Equal(byDefault, decoded.Outputs.IsBinary("another"));
    }

    [Theory]
    [InlineData(""" "shared_memory_region":"r","binary_data":true """, InferenceError.InvalidInput)]
    [InlineData(""" "shared_memory_region":"r","classification":1 """, InferenceError.InvalidInput)]
    [InlineData(""" "shared_memory_region":"r" """, InferenceError.Unsupported)]
    [InlineData(""" "classification":3 """, InferenceError.Unsupported)]
    [InlineData(""" "classification":"3" """, InferenceError.InvalidInput)]
    [InlineData(""" "binary_data":0 """, InferenceError.InvalidInput)]
    public void Outputs_WhatIsNotOfferedOrContradicts_IsRefused(string parameters, InferenceError error) => Assert.Contains(
        "output 'p'", Decoded.Refused(Decoded.Read($$$"""{"inputs":[],"outputs":[{"name":"p","parameters":{{{{parameters}}}}}]}"""), error));

    private static Outcome<DecodedRequest> Request(string parameters) => Read(parameters, Decoded.Target());

    private static Outcome<DecodedRequest> Read(string parameters, InferTarget target) =>
        InferRequestReader.Read(
            Encoding.UTF8.GetBytes($$$"""{"inputs":[],"parameters":{{{{parameters}}}}}"""), target);
}
