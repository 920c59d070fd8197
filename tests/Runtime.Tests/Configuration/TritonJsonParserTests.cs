using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tests.Configuration;

/// <summary>Triton's configuration as JSON is read as its text format is.</summary>
public sealed class TritonJsonParserTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"max_batch_size": 8, "name": null, "input": []}""", "max_batch_size: 8")]
    [InlineData("""{"maxBatchSize": "8"}""", "max_batch_size: 8")]
    [InlineData("""{"version_policy": {"all": {}}}""", "version_policy { all {} }")]
    [InlineData("""{"versionPolicy": {"latest": {"numVersions": 3}}}""", "version_policy { latest { num_versions: 3 } }")]
    [InlineData(
        """{"max_batch_size": 2, "input": [{"name": "x", "data_type": "TYPE_INT64", "dims": [-1, 3]}, {"name": "y", "data_type": 9}]}""",
        """max_batch_size: 2 input [{ name: "x" data_type: TYPE_INT64 dims: [-1, 3] }, { name: "y" data_type: 9 }]""")]
    [InlineData("""{"parameters": {"intra_op_thread_count": {"string_value": "2"}, "session.x": {"stringValue": "é\n"}}}""",
        """parameters { key: "intra_op_thread_count" value { string_value: "2" } } parameters { key: "session.x" value { string_value: "é\n" } }""")]
    [InlineData("""{"model_warmup": [{"batch_size": 1, "inputs": {"x": {"dims": [4], "zero_data": true}}}], "max_batch_size": 4}""",
        """model_warmup { batch_size: 1 inputs { key: "x" value { dims: 4 zero_data: true } } } max_batch_size: 4""")]
    [InlineData("""{"instance_group": [{"name": "", "count": 1, "gpus": [], "kind": "KIND_CPU", "passive": false, "secondary_devices": []}]}""",
        "instance_group { kind: KIND_CPU count: 1 }")]
    [InlineData("""{"cc_model_filenames": {}, "metric_tags": {}, "batch_input": [], "response_cache": {"enable": false}, "model_transaction_policy": {"decoupled": false}}""", "")]
    public void ReadJson_AndItsTextFormat_SayTheSame(string json, string pbtxt)
    {
        Assert.Equal(Text(ConfigPbtxtReader.Read(pbtxt, "f")), Text(ConfigPbtxtReader.ReadJson(json, "f")));
    }

    [Theory]
    [InlineData("", "line 1, column 1: this is no valid JSON")]
    [InlineData("[]", "line 1, column 1: a JSON object is expected")]
    [InlineData("{\n \"max_batch_size\": }", "line 2, column 20: this is no valid JSON")]
    [InlineData("{} {}", "no valid JSON")]
    [InlineData("{\n  \"x\": 1,\n  \"max_batch_size\": true}", "'x' (line 2, column 3): unknown field|max_batch_size (line 3, column 21): 'true' is not allowed; allowed is an integer")]
    [InlineData("""{"max_batch_size": 1.5}""", "'1.5' is not allowed; allowed is an integer")]
    [InlineData("""{"max_batch_size": 1, "maxBatchSize": 2}""", "the field is given twice")]
    [InlineData("""{"output": {"name": "y"}}""", "'output.key' (line 1, column 13): unknown field")]
    [InlineData("""{"input": [[1]]}""", "an array stands in an array, under 'input'")]
    [InlineData("""{"input": [null]}""", "null stands in an array or map, under 'input'")]
    [InlineData("""{"name": "\ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"sequence_batching": {"direct": {}}}""", "sequences are not supported")]
    [InlineData("""{"cc_model_filenames": {"8.0": "x.onnx"}}""", "cc_model_filenames")]
    [InlineData("""{"parameters": {"a": 1}}""", "parameters.value (line 1, column 22): '1' is not allowed; allowed is a message in braces")]
    public void ReadJson_WhatIsWrong_IsSaidWithItsPlace(string json, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => ConfigPbtxtReader.ReadJson(json, "f"));

        Assert.All(expected.Split('|'), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void ReadJson_NestedTooDeeply_IsRefused()
    {
        var json = string.Concat(Enumerable.Repeat("{\"optimization\":", 100)) + "{}" + new string('}', 100);

        Assert.Contains("no valid JSON", Assert.Throws<ConfigException>(() => ConfigPbtxtReader.ReadJson(json, "f")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadJson_TooLong_IsRefused() =>
        Assert.Contains("too long", Assert.Throws<ConfigException>(() => ConfigPbtxtReader.ReadJson(new string(' ', 2_000_000), "f")).Message, StringComparison.Ordinal);

    private static string Text(ModelConfig config) => string.Join(
        '|',
        config.MaxBatchRows,
        config.BatchesFirstAxis,
        config.IntraOpThreads,
        config.Versions is VersionPolicy.Latest latest ? latest.Count : config.Versions,
        string.Join(' ', config.Inputs.Concat(config.Outputs).Select(t => $"{t.Name} {t.Type} {(t.Dims.IsDefault ? "" : string.Join(',', t.Dims))}")),
        string.Join(' ', config.SessionEntries),
        string.Join(' ', config.Providers.Select(p => p.Name)),
        string.Join(' ', config.WarmupShapes.SelectMany(s => s).Select(s => $"{s.Key} {string.Join(',', s.Value)}")),
        string.Join(' ', config.Warnings));
}
