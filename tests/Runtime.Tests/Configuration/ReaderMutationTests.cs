using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tests.Configuration;

public sealed class ReaderMutationTests
{
    private const int Rounds = 20_000;

    private const string Yaml =
        """
        file: encoder.onnx
        versions: { specific: [1, 2] }
        labels: { stable: 1, v-2: 2 }
        max_batch_rows: 16
        queue: { max_rows: 100, timeout: 50ms }
        axes:
          input_ids: [batch, length, ~, "length:h", other]
        providers:
          - tensorrt: { trt_fp16_enable: true }
          - cuda
        intra_op_threads: 4
        optimization:
          level: extended
        warmup:
          shapes:
            - { input_ids: [1, 128] }
        custom_ops: [libops.so]
        config: { session.set_denormal_as_zero: "1" }
        """;

    private const string Pbtxt =
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

    private const string Json =
        """
        {"name": "bert", "platform": "onnxruntime_onnx", "max_batch_size": 8, "cc_model_filenames": {}, "batch_input": [],
         "input": [{"name": "ids", "data_type": "TYPE_INT64", "dims": [-1], "reshape": null}, {"name": "b", "dims": ["3", 16]}],
         "output": [{"name": "y", "dataType": "TYPE_FP32", "dims": [2, 3]}],
         "version_policy": {"specific": {"versions": [1, 2]}},
         "instance_group": [{"kind": "KIND_GPU", "count": 2, "gpus": [0]}],
         "dynamic_batching": {"preferred_batch_size": [4, 8], "default_queue_policy": {"max_queue_size": 10}, "priority_queue_policy": {"1": {}}},
         "optimization": {"execution_accelerators": {"gpu_execution_accelerator": [{"name": "tensorrt", "parameters": {"precision_mode": "FP16"}}]}},
         "parameters": {"intra_op_thread_count": {"string_value": "2"}},
         "model_warmup": [{"name": "w", "batch_size": 1, "inputs": {"ids": {"data_type": "TYPE_INT64", "dims": [4], "zero_data": true}}}],
         "response_cache": {"enable": false}}
        """;

    [Fact]
    public void ModelYaml_DamagedText_IsReadOrRefused() => ReadDamaged(Yaml, text => ModelYamlReader.Read(text, "f"));

    [Fact]
    public void ConfigPbtxt_DamagedText_IsReadOrRefused() => ReadDamaged(Pbtxt, text => ConfigPbtxtReader.Read(text, "f", "bert"));

    [Fact]
    public void ConfigJson_DamagedText_IsReadOrRefused() => ReadDamaged(Json, text => ConfigPbtxtReader.ReadJson(text, "f", "bert"));

    private static void ReadDamaged(string original, Action<string> read)
    {
        read(original);
        var mutator = new Mutator(20261122);
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < Rounds; i++)
        {
            try
            {
                read(mutator.Mutate(original));
                accepted++;
            }
            catch (ConfigException error)
            {
                Assert.NotEmpty(error.Errors);
                Assert.All(error.Errors, e => Assert.Contains("line ", e, StringComparison.Ordinal));
                refused++;
            }
        }

        // Both happen often, or the mutations would test one path only.
        Assert.True(accepted > Rounds / 100, $"only {accepted} were accepted");
        Assert.True(refused > Rounds / 10, $"only {refused} were refused");
    }
}
