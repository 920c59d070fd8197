using System.Text;
using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;

namespace Serving.Fuzz.Targets;

/// <summary>The configuration that a client gives with a load, as JSON: read, or refused with the places of all errors.</summary>
internal sealed class ConfigJsonTarget : FuzzTarget
{
    private const string Example =
        """
        {"name": "bert", "platform": "onnxruntime_onnx", "max_batch_size": 8, "cc_model_filenames": {}, "batch_input": [],
         "input": [{"name": "ids", "data_type": "TYPE_INT64", "dims": [-1], "reshape": null}, {"name": "b", "dims": ["3", 16]}],
         "output": [{"name": "y", "dataType": "TYPE_FP32", "dims": [2, 3]}],
         "version_policy": {"specific": {"versions": [1, 2]}},
         "instance_group": [{"kind": "KIND_GPU", "count": 2, "gpus": [0]}],
         "dynamic_batching": {"preferred_batch_size": [4, 8], "default_queue_policy": {"max_queue_size": 10}},
         "parameters": {"intra_op_thread_count": {"string_value": "2"}},
         "response_cache": {"enable": false}}
        """;

    public override string Name => "config-json";

    public override int Rounds => 50_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words(
            "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "-1", "1e999", "1.5", "\"3\"", "\\ud800", "\\u0000", "é", "\"name\":", "\"dims\":",
            "\"input\":[", "\"parameters\":{", "\"max_batch_size\":", "\"TYPE_FP32\"", "\"ensemble_scheduling\":{", "\"instance_group\":[{}]", "//x\n"),
        [0xFF], [0xC3],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) => [.. Words(Example, "{}", """{"name":"bert"}""")];

    public override Verdict Try(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var cost = Cost.Start();
        try
        {
            ConfigPbtxtReader.ReadJson(text, "f", "bert");
            return Verdict.Accepted();
        }
        catch (ConfigException error)
        {
            return Verdict.Refused(ConfigErrorChecks.Check(error));
        }
        finally
        {
            cost.AtMost(1_000_000 + (5_000L * input.Length));
        }
    }
}
