using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Configuration;
using Serving.Runtime.Tensors;
using Serving.Server.Descriptions;
using Serving.Server.Rest;
using ModelConfig = Serving.Contracts.Inference.ModelConfig;

namespace Serving.Server.Tests.Descriptions;

public sealed class ModelConfigMessageTests
{
    [Fact]
    public void Of_ModelWithEverything_IsTritonsJson() => AssertJson(
        """
        {
          "name": "m", "platform": "onnxruntime_onnx", "backend": "onnxruntime", "runtime": "",
          "version_policy": {"specific": {"versions": [3, 4]}},
          "max_batch_size": 8,
          "input": [
            {"name": "ids", "data_type": "TYPE_INT64", "format": "FORMAT_NONE", "dims": [-1], "is_shape_tensor": false,
             "allow_ragged_batch": false, "optional": false, "is_non_linear_format_io": false},
            {"name": "more", "data_type": "TYPE_STRING", "format": "FORMAT_NONE", "dims": [2], "is_shape_tensor": false,
             "allow_ragged_batch": false, "optional": true, "is_non_linear_format_io": false}],
          "output": [{"name": "y", "data_type": "TYPE_FP16", "dims": [5], "label_filename": "labels.txt", "is_shape_tensor": false, "is_non_linear_format_io": false}],
          "batch_input": [], "batch_output": [],
          "optimization": {
            "graph": {"level": -1}, "priority": "PRIORITY_DEFAULT", "gather_kernel_buffer_threshold": 0, "eager_batching": false,
            "execution_accelerators": {
              "gpu_execution_accelerator": [{"name": "tensorrt", "parameters": {"trt_fp16_enable": "1"}}], "cpu_execution_accelerator": []}},
          "dynamic_batching": {
            "preferred_batch_size": [], "max_queue_delay_microseconds": 0, "preserve_ordering": false, "priority_levels": 0,
            "default_priority_level": 0, "priority_queue_policy": {},
            "default_queue_policy": {"timeout_action": "REJECT", "default_timeout_microseconds": 1500, "allow_timeout_override": false, "max_queue_size": 100}},
          "instance_group": [{"name": "", "kind": "KIND_GPU", "count": 1, "gpus": [1], "secondary_devices": [], "profile": [], "passive": false, "host_policy": ""}],
          "default_model_filename": "onnx/model.onnx", "cc_model_filenames": {}, "metric_tags": {},
          "parameters": {"intra_op_thread_count": {"string_value": "2"}, "session.x": {"string_value": "1"}},
          "model_warmup": [{"name": "shapes 0", "batch_size": 4, "count": 0, "inputs": {
            "ids": {"data_type": "TYPE_INT64", "dims": [7], "random_data": true}, "more": {"data_type": "TYPE_STRING", "dims": [2], "random_data": true}}}],
          "model_operations": {"op_library_filename": ["ops.so"]},
          "model_transaction_policy": {"decoupled": false},
          "response_cache": {"enable": false}
        }
        """,
        ModelConfigMessage.Of(SampleDescriptions.Configuration));

    [Fact]
    public void Of_ModelThatDoesNotBatch_HasNoSchedulerAndRunsOnTheProcessor()
    {
        var config = ModelConfigMessage.Of(SampleDescriptions.Configuration with { MaxBatchSize = 0, Device = null, Accelerators = [], Versions = VersionPolicy.Default });

        Assert.Equal(ModelConfig.SchedulingChoiceOneofCase.None, config.SchedulingChoiceCase);
        Assert.Equal(ModelInstanceGroup.Types.Kind.Cpu, Assert.Single(config.InstanceGroup).Kind);
        Assert.Null(config.Optimization.ExecutionAccelerators);
        Assert.Equal(1u, config.VersionPolicy.Latest.NumVersions);
        Assert.Equal([[4, 7], [4, 7]], config.ModelWarmup.Select(sample => sample.Inputs["ids"].Dims.ToArray()));
    }

    [Fact]
    public void TypeOf_EveryElementType_HasItsOwnNumber()
    {
        var types = Enum.GetValues<ElementType>().Select(ModelConfigMessage.TypeOf).ToList();

        Assert.DoesNotContain(DataType.TypeInvalid, types);
        Assert.Equal(Enum.GetValues<DataType>().Length - 1, types.Distinct().Count());
    }

    [Fact]
    public void Json_OfAnyConfiguration_IsReadAsTheSameByProtobuf()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 500; round++)
        {
            var message = RandomMessage.Make(new ModelConfig(), random);

            Assert.Equal(message, JsonParser.Default.Parse<ModelConfig>(Json(message)));
        }
    }

    [Fact]
    public void Of_Statistics_IsTritonsJson() => AssertJson(
        """
        {"model_stats": [{
          "name": "m", "version": "3", "last_inference": 1234, "inference_count": 9, "execution_count": 3,
          "inference_stats": {
            "success": {"count": 5, "ns": 5000}, "fail": {"count": 1, "ns": 700}, "queue": {"count": 5, "ns": 100},
            "compute_input": {"count": 5, "ns": 200}, "compute_infer": {"count": 5, "ns": 300}, "compute_output": {"count": 5, "ns": 400},
            "cache_hit": {"count": 0, "ns": 0}, "cache_miss": {"count": 0, "ns": 0}},
          "batch_stats": [
            {"batch_size": 1, "compute_input": {"count": 1, "ns": 100}, "compute_infer": {"count": 1, "ns": 200}, "compute_output": {"count": 1, "ns": 300}},
            {"batch_size": 4, "compute_input": {"count": 2, "ns": 400}, "compute_infer": {"count": 2, "ns": 500}, "compute_output": {"count": 2, "ns": 600}}],
          "memory_usage": [], "response_stats": {}}]}
        """,
        StatisticsMessage.Of([SampleDescriptions.Statistics]));

    private static void AssertJson(string expected, IMessage message)
    {
        var actual = Json(message);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
    }

    private static string Json(IMessage message)
    {
        using var output = new PooledBufferWriter(256);
        MessageJson.Write(output, message);
        return Encoding.UTF8.GetString(output.WrittenMemory.Span);
    }
}
