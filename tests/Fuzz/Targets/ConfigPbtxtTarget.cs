using System.Text;
using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;

namespace Serving.Fuzz.Targets;

/// <summary>config.pbtxt: read, or refused with the places of all errors.</summary>
internal sealed class ConfigPbtxtTarget : FuzzTarget
{
    private const string Example =
        """
        name: "bert" # the folder
        platform: 'onnxruntime_onnx'
        max_batch_size: 8
        input [ { name: "ids" data_type: TYPE_INT64 dims: [ -1 ] }, { name: "a\x41\101\n" "b" dims: 3; dims: 0x10 } ]
        output < name: "y", data_type: TYPE_FP32 dims: [ 2, 3 ] >
        version_policy: { specific { versions: [ 1, 2 ] } }
        instance_group [ { kind: KIND_GPU count: 2 gpus: [ 0 ] } ]
        dynamic_batching { preferred_batch_size: [ 4, 8 ] default_queue_policy { max_queue_size: 10 default_timeout_microseconds: 5000 } }
        optimization { graph { level: -1 } execution_accelerators {
          gpu_execution_accelerator: [ { name: "tensorrt" parameters { key: "precision_mode" value: "FP16" } } ] } }
        parameters { key: "intra_op_thread_count" value: { string_value: "2" } }
        model_warmup [ { name: "w" batch_size: 1 inputs { key: "ids" value: { data_type: TYPE_INT64 dims: 4 zero_data: true } } } ]
        response_cache { enable: false }
        """;

    public override string Name => "config-pbtxt";

    public override int Rounds => 100_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words(
            "{", "}", "[", "]", "<", ">", ":", ",", ";", "-", "/", ".", "\n", "\t", "\"", "'", "\\", "\\x", "\\777", "\\u12", "\\U0010FFFF", "\\ud800", "#",
            "0x", "1f", "1e5", "inf", "nan", "true", "false", "\0", "é", "\uFEFF", "name: ", "key: ", "value: ", "dims: ", "input ", "version_policy ",
            "latest { num_versions: ", "KIND_CPU", "KIND_AUTO", "gpus: ", "parameters { key: \"", "max_batch_size: ", "data_type: TYPE_", "count: ",
            "ensemble_scheduling { ", "sequence_batching { ", "input_data_file: "),
        [0xFF], [0xC3],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) => [.. Words(Example, "", "name: 'bert'")];

    public override Verdict Try(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var cost = Cost.Start();
        try
        {
            ConfigPbtxtReader.Read(text, "f", "bert");
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
