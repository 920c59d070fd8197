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
    [InlineData(""" "sequence_id":18446744073709551615,"sequence_start":true """)]
    [InlineData(""" "sequence_id":"s","sequence_end":true """)]
    public void Read_ParametersOfNoConsequence_AreAccepted(string parameters) => Decoded.Valid(Request(parameters)).Dispose();

    [Theory]
    [InlineData(""" "a":null """, "parameter 'a' of the request must be a string, a number or a boolean")]
    [InlineData(""" "a":[1] """, "'a'")]
    [InlineData(""" "a":{"b":1} """, "'a'")]
    [InlineData(""" "binary_data_output":1 """, "'binary_data_output' of the request must be true or false")]
    [InlineData(""" "timeout":-1 """, "'timeout' of the request must be a whole number")]
    [InlineData(""" "timeout":"5" """, "'timeout'")]
    [InlineData(""" "priority":1.5 """, "'priority'")]
    [InlineData(""" "priority":-1 """, "'priority' of the request must be a whole number")]
    [InlineData(""" "sequence_start":1 """, "'sequence_start'")]
    [InlineData(""" "sequence_id":true """, "'sequence_id' of the request must be a whole number, not negative, or a string")]
    [InlineData(""" "sequence_id":-1 """, "'sequence_id'")]
    [InlineData(""" "sequence_end":"yes" """, "'sequence_end'")]
    [InlineData(""" "triton_enable_empty_final_response":true """, "reserved")]
    [InlineData(""" "triton_":1 """, "reserved")]
    [InlineData(""" "\ud800":1 """, "not text")]
    public void Read_WrongParameter_IsRefused(string parameters, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Request(parameters)));

    [Fact]
    public void Read_ParametersThatAreNoObject_IsRefused() =>
        Assert.Contains("parameters of the request must be an object", Decoded.Refused(Decoded.Read("""{"inputs":[],"parameters":[]}""")));

    [Fact]
    public void Read_HugePriority_IsTheLeastUrgent()
    {
        using var decoded = Decoded.Valid(Request($""" "priority":{ulong.MaxValue} """));
        Assert.Equal(int.MaxValue, decoded.Request.Priority);
    }

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
    [InlineData(""" "shared_memory_region":"r","shared_memory_byte_size":1,"binary_data":true """)]
    [InlineData(""" "shared_memory_region":"r","shared_memory_byte_size":1,"classification":1 """)]
    [InlineData(""" "shared_memory_region":"r" """)]
    [InlineData(""" "shared_memory_offset":0 """)]
    [InlineData(""" "shared_memory_byte_size":1 """)]
    [InlineData(""" "shared_memory_region":"r","shared_memory_byte_size":"1" """)]
    [InlineData(""" "shared_memory_region":"r","shared_memory_byte_size":1,"shared_memory_offset":-1 """)]
    [InlineData(""" "shared_memory_region":1,"shared_memory_byte_size":1 """)]
    [InlineData(""" "classification":"3" """)]
    [InlineData(""" "binary_data":0 """)]
    public void Outputs_WhatContradicts_IsRefused(string parameters) => Assert.Contains(
        "output 'p'", Decoded.Refused(Decoded.Read($$$"""{"inputs":[],"outputs":[{"name":"p","parameters":{{{{parameters}}}}}]}""")));

    [Fact]
    public void Outputs_Classification_IsADemand()
    {
        using var decoded = Decoded.Valid(Decoded.Read(
            """{"inputs":[],"outputs":[{"name":"p","parameters":{"classification":3}},{"name":"q","parameters":{"classification":0}}]}"""));
        var demand = Assert.Single(decoded.Outputs.Demands);
        Assert.Equal(("p", 3, null), (demand.Output, demand.Classes, demand.Place));
    }

    private static Outcome<DecodedRequest> Request(string parameters) => Read(parameters, Decoded.Target());

    private static Outcome<DecodedRequest> Read(string parameters, InferTarget target) =>
        InferRequestReader.Read(
            Encoding.UTF8.GetBytes($$$"""{"inputs":[],"parameters":{{{{parameters}}}}}"""), target);
}
