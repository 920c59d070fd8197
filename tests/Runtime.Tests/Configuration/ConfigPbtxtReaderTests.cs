using Serving.Runtime.Configuration;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Configuration;

public sealed class ConfigPbtxtReaderTests
{
    [Fact]
    public void Read_Empty_SaysNothing()
    {
        var config = ConfigPbtxtReader.Read("# a comment\n", "f");

        Assert.Equal("f", config.Source);
        Assert.Null(config.File);
        Assert.Null(config.Versions);
        Assert.Null(config.MaxBatchRows);
        Assert.Null(config.MaxQueueRows);
        Assert.Null(config.QueueTimeout);
        Assert.Null(config.IntraOpThreads);
        Assert.Empty(config.Inputs);
        Assert.Empty(config.WarmupShapes);
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void Read_TypicalFile_IsReadWithoutWarnings()
    {
        var config = ConfigPbtxtReader.Read(
            """
            name: "bert"
            platform: "onnxruntime_onnx"
            backend: "onnxruntime"
            max_batch_size: 8
            default_model_filename: "bert.onnx"
            version_policy: { specific { versions: [2, 1] } }
            input [
              { name: "ids" data_type: TYPE_INT64 dims: [ -1 ] },
              { name: "flag" data_type: 1 dims: [ 1 ] optional: false }
            ]
            output { name: "text" data_type: TYPE_STRING dims: [ 2, 3 ] label_filename: "labels.txt" }
            dynamic_batching { default_queue_policy { max_queue_size: 10 default_timeout_microseconds: 5000 } }
            optimization { graph { level: -1 } }
            parameters { key: "intra_op_thread_count" value: { string_value: "2" } }
            parameters { key: "session.set_denormal_as_zero" value: { string_value: "1" } }
            model_warmup { name: "w" batch_size: 4 inputs { key: "ids" value { data_type: TYPE_INT64 dims: [7] random_data: true } } }
            model_operations { op_library_filename: [ "a.so", "b.so" ] }
            instance_group { count: 1 }
            model_transaction_policy { decoupled: false }
            response_cache { enable: false }
            """,
            "f",
            "bert");

        Assert.Empty(config.Warnings);
        Assert.Equal("bert.onnx", config.File);
        Assert.Equal(8, config.MaxBatchRows);
        Assert.Equal([1, 2], Assert.IsType<VersionPolicy.Specific>(config.Versions).Versions.ToArray());
        Assert.Equal(["ids", "flag"], config.Inputs.Select(i => i.Name));
        Assert.Equal([ElementType.Int64, ElementType.Bool], config.Inputs.Select(i => i.Type!.Value));
        Assert.Equal([-1, -1], config.Inputs[0].Dims.ToArray());
        Assert.Equal(ElementType.Bytes, config.Outputs[0].Type);
        Assert.Equal([-1, 2, 3], config.Outputs[0].Dims.ToArray());
        Assert.Equal("labels.txt", Assert.Single(config.Labels).Value);
        Assert.True(config.BatchesFirstAxis);
        Assert.Equal(10, config.MaxQueueRows);
        Assert.Equal(TimeSpan.FromMilliseconds(5), config.QueueTimeout);
        Assert.Equal(OptimizationLevel.Basic, config.Optimization);
        Assert.Equal(2, config.IntraOpThreads);
        Assert.Equal("1", config.SessionEntries["session.set_denormal_as_zero"]);
        Assert.Equal([4, 7], Assert.Single(config.WarmupShapes)["ids"].ToArray());
        Assert.Equal(["a.so", "b.so"], config.CustomOps.ToArray());
        Assert.Empty(config.Providers);
    }

    [Theory]
    [InlineData("", null, 2)]
    [InlineData("max_batch_size: 0", 1, 2)]
    [InlineData("max_batch_size: 1", 1, 3)]
    [InlineData("max_batch_size: 64", 64, 3)]
    public void Read_MaxBatchSize_DecidesWhetherDimsLackTheBatchAxis(string line, int? rows, int rank)
    {
        var config = ConfigPbtxtReader.Read(line + " input { name: 'x' dims: [3, 4] } model_warmup { inputs { key: 'x' value { dims: [3, 4] zero_data: true } } }", "f");

        Assert.Equal(rows, config.MaxBatchRows);
        Assert.Equal(rank, config.Inputs[0].Dims.Length);
        Assert.Equal(rank, config.WarmupShapes[0]["x"].Length);
        Assert.Null(config.Inputs[0].Type);
    }

    [Theory]
    [InlineData("version_policy { all {} }", "All { }")]
    [InlineData("version_policy { latest { num_versions: 3 } }", "Latest { Count = 3 }")]
    [InlineData("version_policy { latest { } }", "Latest { Count = 1 }")]
    [InlineData("version_policy { }", null)]
    public void Read_VersionPolicy_IsRead(string text, string? policy)
    {
        Assert.Equal(policy, ConfigPbtxtReader.Read(text, "f").Versions?.ToString());
    }

    [Theory]
    [InlineData("optimization { graph { level: 0 } }", null)]
    [InlineData("optimization { graph { level: 1 } }", OptimizationLevel.Extended)]
    [InlineData("optimization { graph { level: 2 } }", OptimizationLevel.None)]
    public void Read_GraphLevel_IsTritonsNumber(string text, OptimizationLevel? level)
    {
        Assert.Equal(level, ConfigPbtxtReader.Read(text, "f").Optimization);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("instance_group { kind: KIND_CPU }", "cpu()")]
    [InlineData("instance_group { kind: KIND_GPU }", "cuda() cpu()")]
    [InlineData("instance_group { kind: KIND_GPU gpus: [1] }", "cuda(device_id=1) cpu()")]
    [InlineData("instance_group { gpus: 0 }", "cuda(device_id=0) cpu()")]
    [InlineData("instance_group { kind: KIND_GPU gpus: 2 } parameters { key: 'gpu_mem_limit' value { string_value: '9' } }", "cuda(device_id=2,gpu_mem_limit=9) cpu()")]
    [InlineData("instance_group { kind: KIND_GPU } parameters { key: 'cudnn_conv_algo_search' value { string_value: '1' } }", "cuda(cudnn_conv_algo_search=HEURISTIC) cpu()")]
    [InlineData(
        "optimization { execution_accelerators { gpu_execution_accelerator: [ { name: 'tensorrt' "
        + "parameters { key: 'precision_mode' value: 'FP16' } parameters { key: 'max_workspace_size_bytes' value: '5' } "
        + "parameters { key: 'trt_engine_cache_enable' value: '1' } } ] } }",
        "tensorrt(trt_engine_cache_enable=1,trt_fp16_enable=1,trt_max_workspace_size=5) cuda() cpu()")]
    [InlineData(
        "instance_group { kind: KIND_GPU gpus: 1 } optimization { execution_accelerators { gpu_execution_accelerator { name: 'cuda' parameters { key: 'use_tf32' value: '0' } } } }",
        "cuda(device_id=1,use_tf32=0) cpu()")]
    public void Read_Instances_BecomeProviders(string text, string providers)
    {
        var config = ConfigPbtxtReader.Read(text, "f");

        Assert.Empty(config.Warnings);
        Assert.Equal(
            providers,
            string.Join(' ', config.Providers.Select(p => $"{p.Name}({string.Join(',', p.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"))})")));
    }

    [Theory]
    [InlineData("dynamic_batching {\n preferred_batch_size: [4, 8]\n}", "dynamic_batching.preferred_batch_size (line 2): not needed")]
    [InlineData("dynamic_batching { max_queue_delay_microseconds: 100 }", "not needed: batches form without delay")]
    [InlineData("dynamic_batching { priority_levels: 2 }", "requests have no priority")]
    [InlineData("dynamic_batching { default_queue_policy { max_queue_size: 9999999 } }", "the largest possible is used, 1000000")]
    [InlineData("dynamic_batching { default_queue_policy { timeout_action: DELAY } }", "always refused")]
    [InlineData("instance_group { count: 4 }", "instance_group.count (line 1): not needed: one session serves all requests")]
    [InlineData("instance_group { kind: KIND_GPU gpus: [0, 1] }", "only the first GPU, 0, is used")]
    [InlineData("instance_group [ { kind: KIND_GPU }, { kind: KIND_CPU } ]", "the GPU is used, and the CPU only where there is none")]
    [InlineData("instance_group { kind: KIND_CPU } optimization { execution_accelerators { gpu_execution_accelerator { name: 'tensorrt' } } }", "accelerators for GPUs are not used")]
    [InlineData("optimization { execution_accelerators { cpu_execution_accelerator { name: 'openvino' } } }", "OpenVINO is not available")]
    [InlineData("optimization { cuda { graphs: true } }", "optimization.cuda (line 1): it concerns TensorRT plans only")]
    [InlineData("optimization { input_pinned_memory { enable: true } }", "the server decides on pinned memory")]
    [InlineData("input { name: 'x' optional: true }", "input.optional (line 1)")]
    [InlineData("parameters { key: 'inter_op_thread_count' value { string_value: '2' } }", "parameters.inter_op_thread_count (line 1): runs are parallel here")]
    [InlineData("parameters { key: 'mine' value { string_value: '2' } }", "parameters.mine (line 1): no part of this server reads it")]
    [InlineData("parameters { key: 'gpu_mem_limit' value { string_value: '2' } }", "instance_group does not say KIND_GPU")]
    [InlineData("model_warmup { inputs { key: 'x' value { dims: 1 input_data_file: 'f' } } }", "samples from files are not supported")]
    [InlineData("metric_tags { key: 'a' value: 'b' }", "metric_tags")]
    public void Read_WhatChangesNoAnswer_Warns(string text, string warning)
    {
        var config = ConfigPbtxtReader.Read(text, "f");

        Assert.Contains(warning, Assert.Single(config.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: 'other'", "name (line 1, column 7): the string 'other' is not allowed; allowed is the model's name by its folder, 'bert', or no name at all")]
    [InlineData("platform: 'tensorrt_plan'", "platform (line 1, column 11): the string 'tensorrt_plan' is not allowed; allowed is 'onnxruntime_onnx', or nothing")]
    [InlineData("backend: 'python'", "allowed is 'onnxruntime', or nothing")]
    [InlineData("max_batch_size: -1", "max_batch_size (line 1, column 17): '-1' is not allowed; allowed is an integer from 0 to 65536")]
    [InlineData("max_batch_size: '8'", "the string '8' is not allowed; allowed is an integer")]
    [InlineData("max_batch_size: 8 max_batch_size: 9", "the field is given twice")]
    [InlineData("max_batchsize: 8", "'max_batchsize' (line 1, column 1): unknown field; did you mean 'max_batch_size'?")]
    [InlineData("input { name: 'x'\n nam: 'x' }", "'input.nam' (line 2, column 2): unknown field; did you mean 'name'?")]
    [InlineData("input { dims: 1 }", "input.name (line 1, column 7): the name is missing")]
    [InlineData("input [{ name: 'x' }, { name: 'x' }]", "'x' is given twice")]
    [InlineData("input { name: 'x' data_type: TYPE_FP31 }", "'TYPE_FP31' is not allowed; allowed is TYPE_INVALID, TYPE_BOOL")]
    [InlineData("input { name: 'x' data_type: TYPE_INVALID }", "'TYPE_INVALID' is not allowed")]
    [InlineData("input { name: 'x' dims: [0] }", "input.dims (line 1, column 26): '0' is not allowed; allowed is an extent of at least 1, or -1 where it varies")]
    [InlineData("input { name: 'x' reshape { shape: [] } }", "input.reshape (line 1, column 19): not supported by this version of the server")]
    [InlineData("input { name: 'x' is_shape_tensor: true }", "only TensorRT plans have shape tensors")]
    [InlineData("input { name: 'x' allow_ragged_batch: true }", "ragged batches are not supported")]
    [InlineData("output 3", "stands where ':' or '{' is expected")]
    [InlineData("output: 3", "'3' is not allowed; allowed is a message in braces")]
    [InlineData("version_policy { all {} latest {} }", "only one policy can be given")]
    [InlineData("version_policy { specific {} }", "no version is given")]
    [InlineData("version_policy { specific { versions: 0 } }", "an integer of at least 1")]
    [InlineData("default_model_filename: '../x'", "stays inside the folder")]
    [InlineData("instance_group { kind: KIND_MODEL }", "allowed is KIND_AUTO, KIND_GPU or KIND_CPU")]
    [InlineData("instance_group { kind: KIND_CPU gpus: 0 }", "GPUs cannot be given with KIND_CPU")]
    [InlineData("instance_group { passive: true }", "the model would get no requests")]
    [InlineData("optimization { graph { level: 3 } }", "an integer from -1 to 2")]
    [InlineData("optimization { execution_accelerators { gpu_execution_accelerator { name: 'auto_mixed_precision' } } }", "allowed is tensorrt or cuda")]
    [InlineData("optimization { execution_accelerators { gpu_execution_accelerator { name: 'tensorrt' parameters { key: 'max_cached_engines' value: '1' } } } }", "'max_cached_engines' is not allowed; allowed is max_workspace_size_bytes")]
    [InlineData("optimization { execution_accelerators { gpu_execution_accelerator { name: 'tensorrt' parameters { key: 'precision_mode' value: 'FP8' } } } }", "allowed is FP32, FP16 or INT8")]
    [InlineData("optimization { execution_accelerators { cpu_execution_accelerator { name: 'xnnpack' } } }", "'xnnpack' is not allowed; allowed is openvino")]
    [InlineData("parameters { key: 'intra_op_thread_count' value { string_value: 'many' } }", "parameters.intra_op_thread_count (line 1, column 12): 'many' is not allowed; allowed is an integer from 0 to 1024")]
    [InlineData("parameters { value { string_value: '1' } }", "an entry has no key")]
    [InlineData("parameters [{ key: 'a' }, { key: 'a' }]", "the key 'a' is given twice")]
    [InlineData("sequence_batching { }", "sequence_batching (line 1, column 1): sequences are not supported by this version of the server")]
    [InlineData("ensemble_scheduling { step { model_name: 'a' } }", "a step needs model_name, input_map and output_map")]
    [InlineData("platform: 'onnxruntime_onnx' ensemble_scheduling { step { model_name: 'a' input_map { key: 'x' value: 'x' } output_map { key: 'y' value: 'y' } } }", "allowed is 'ensemble', or nothing")]
    [InlineData("model_transaction_policy { decoupled: true }", "several responses to one request are not supported")]
    [InlineData("model_transaction_policy { decoupled: maybe }", "'maybe' is not allowed; allowed is true or false")]
    [InlineData("batch_input [{ kind: BATCH_ELEMENT_COUNT }]", "batch_input")]
    [InlineData("{", "bert/config.pbtxt: line 1, column 1: '{' stands where a field's name is expected")]
    [InlineData("output { name: 'y' label_filename: '/etc/passwd' }", "output.label_filename (line 1, column 36): '/etc/passwd' is not allowed")]
    public void Read_WrongOrUnsupported_SaysSo(string text, string message)
    {
        var error = Assert.Throws<ConfigException>(() => ConfigPbtxtReader.Read(text, "bert/config.pbtxt", "bert"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Single(error.Errors);
    }

    [Fact]
    public void Read_SeveralErrors_AllAreReportedInOrder()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigPbtxtReader.Read(
            "backend: 'python'\nmax_batch_size: -3\nwhat: 1\nsequence_batching {}\ninput { dims: 0 }", "f"));

        Assert.Equal(["backend", "max_batch_size", "'what'", "sequence_batching", "input.name", "input.dims"], error.Errors.Select(e => e.Split(' ')[0]));
    }
}
