using Google.Protobuf.Reflection;
using Serving.Contracts.Health;
using Serving.Contracts.Inference;
using Serving.Contracts.Reflection;
using Serving.Contracts.Reflection.V1Alpha;

namespace Serving.Contracts.Tests;

/// <summary>
/// Pins what is on the wire: a renumbered field would still compile, and break every client. The tables are written from the
/// protocols' descriptions, not from our files.
/// </summary>
public class WireNumbersTests
{
    private static readonly Dictionary<string, MessageDescriptor> Messages =
        new[] { GrpcServiceReflection.Descriptor, ModelConfigReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor, ReflectionV1AlphaReflection.Descriptor }
            .SelectMany(file => file.MessageTypes)
            .SelectMany(WithNested)
            .ToDictionary(message => message.FullName);

    [Theory]
    [InlineData("inference.ModelInferRequest", "model_name=1 model_version=2 id=3 parameters=4* inputs=5* outputs=6* raw_input_contents=7*")]
    [InlineData("inference.ModelInferRequest.InferInputTensor", "name=1 datatype=2 shape=3* parameters=4* contents=5")]
    [InlineData("inference.ModelInferRequest.InferRequestedOutputTensor", "name=1 parameters=2*")]
    [InlineData("inference.ModelInferResponse", "model_name=1 model_version=2 id=3 parameters=4* outputs=5* raw_output_contents=6*")]
    [InlineData("inference.ModelInferResponse.InferOutputTensor", "name=1 datatype=2 shape=3* parameters=4* contents=5")]
    [InlineData("inference.InferTensorContents", "bool_contents=1* int_contents=2* int64_contents=3* uint_contents=4* uint64_contents=5* fp32_contents=6* fp64_contents=7* bytes_contents=8*")]
    [InlineData("inference.InferParameter", "bool_param=1 int64_param=2 string_param=3 double_param=4 uint64_param=5")]
    [InlineData("inference.ModelStreamInferResponse", "error_message=1 infer_response=2")]
    [InlineData("inference.ServerMetadataResponse", "name=1 version=2 extensions=3*")]
    [InlineData("inference.ModelMetadataResponse", "name=1 versions=2* platform=3 inputs=4* outputs=5* properties=6*")]
    [InlineData("inference.ModelMetadataResponse.TensorMetadata", "name=1 datatype=2 shape=3*")]
    [InlineData("inference.ModelStatistics", "name=1 version=2 last_inference=3 inference_count=4 execution_count=5 inference_stats=6 batch_stats=7* memory_usage=8* response_stats=9*")]
    [InlineData("inference.InferStatistics", "success=1 fail=2 queue=3 compute_input=4 compute_infer=5 compute_output=6 cache_hit=7 cache_miss=8")]
    [InlineData("inference.StatisticDuration", "count=1 ns=2")]
    [InlineData("inference.ModelRepositoryParameter", "bool_param=1 int64_param=2 string_param=3 bytes_param=4")]
    [InlineData("inference.RepositoryIndexRequest", "repository_name=1 ready=2")]
    [InlineData("inference.RepositoryIndexResponse.ModelIndex", "name=1 version=2 state=3 reason=4")]
    [InlineData("inference.RepositoryModelLoadRequest", "repository_name=1 model_name=2 parameters=3*")]
    [InlineData("inference.RepositoryModelUnloadRequest", "repository_name=1 model_name=2 parameters=3*")]
    [InlineData("inference.SystemSharedMemoryRegisterRequest", "name=1 key=2 offset=3 byte_size=4")]
    [InlineData("inference.CudaSharedMemoryRegisterRequest", "name=1 raw_handle=2 device_id=3 byte_size=4")]
    [InlineData("inference.TraceSettingRequest", "settings=1* model_name=2")]
    [InlineData("inference.TraceSettingRequest.SettingValue", "value=1*")]
    [InlineData("inference.LogSettingsRequest.SettingValue", "bool_param=1 uint32_param=2 string_param=3")]
    [InlineData("inference.ModelConfig", "name=1 platform=2 version_policy=3 max_batch_size=4 input=5* output=6* instance_group=7* default_model_filename=8 cc_model_filenames=9* metric_tags=10* dynamic_batching=11 optimization=12 sequence_batching=13 parameters=14* ensemble_scheduling=15 model_warmup=16* backend=17 model_operations=18 model_transaction_policy=19 batch_input=20* batch_output=21* model_repository_agents=23 response_cache=24 runtime=25 model_metrics=26")]
    [InlineData("inference.ModelInput", "name=1 data_type=2 format=3 dims=4* reshape=5 is_shape_tensor=6 allow_ragged_batch=7 optional=8 is_non_linear_format_io=9")]
    [InlineData("inference.ModelOutput", "name=1 data_type=2 dims=3* label_filename=4 reshape=5 is_shape_tensor=6 is_non_linear_format_io=7")]
    [InlineData("inference.ModelInstanceGroup", "name=1 count=2 gpus=3* kind=4 profile=5* rate_limiter=6 passive=7 secondary_devices=8* host_policy=9")]
    [InlineData("inference.ModelDynamicBatching", "preferred_batch_size=1* max_queue_delay_microseconds=2 preserve_ordering=3 priority_levels=4 default_priority_level=5 default_queue_policy=6 priority_queue_policy=7*")]
    [InlineData("inference.ModelSequenceBatching", "max_sequence_idle_microseconds=1 control_input=2* direct=3 oldest=4 state=5* iterative_sequence=6")]
    [InlineData("inference.ModelEnsembling.Step", "model_name=1 model_version=2 input_map=3* output_map=4* model_namespace=5")]
    [InlineData("grpc.health.v1.HealthCheckRequest", "service=1")]
    [InlineData("grpc.health.v1.HealthCheckResponse", "status=1")]
    [InlineData("grpc.reflection.v1.ServerReflectionRequest", "host=1 file_by_filename=3 file_containing_symbol=4 file_containing_extension=5 all_extension_numbers_of_type=6 list_services=7")]
    [InlineData("grpc.reflection.v1.ServerReflectionResponse", "valid_host=1 original_request=2 file_descriptor_response=4 all_extension_numbers_response=5 list_services_response=6 error_response=7")]
    [InlineData("grpc.reflection.v1alpha.ServerReflectionRequest", "host=1 file_by_filename=3 file_containing_symbol=4 file_containing_extension=5 all_extension_numbers_of_type=6 list_services=7")]
    [InlineData("grpc.reflection.v1alpha.ServerReflectionResponse", "valid_host=1 original_request=2 file_descriptor_response=4 all_extension_numbers_response=5 list_services_response=6 error_response=7")]
    public void Fields_OfMessage_HaveTheProtocolsNumbers(string message, string fields)
    {
        var actual = Messages[message].Fields.InFieldNumberOrder()
            .Select(field => FormattableString.Invariant($"{field.Name}={field.FieldNumber}{(field.IsRepeated ? "*" : "")}"));

        Assert.Equal(fields, string.Join(' ', actual));
    }

    [Fact]
    public void DataType_Names_HaveTritonsNumbers()
    {
        string[] names =
        [
            "INVALID", "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
            "FP16", "FP32", "FP64", "STRING", "BF16",
        ];

        var actual = ModelConfigReflection.Descriptor.EnumTypes.Single(type => type.Name == "DataType").Values;

        Assert.Equal(names.Select((name, number) => ("TYPE_" + name, number)), actual.Select(value => (value.Name, value.Number)));
    }

    [Fact]
    public void InferenceService_Rpcs_AreTheProtocols()
    {
        string[] rpcs =
        [
            "ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer", "ModelStreamInfer",
            "ModelConfig", "ModelStatistics", "RepositoryIndex", "RepositoryModelLoad", "RepositoryModelUnload",
            "SystemSharedMemoryStatus", "SystemSharedMemoryRegister", "SystemSharedMemoryUnregister",
            "CudaSharedMemoryStatus", "CudaSharedMemoryRegister", "CudaSharedMemoryUnregister", "TraceSetting", "LogSettings",
        ];

        var service = GrpcServiceReflection.Descriptor.Services.Single();

        Assert.Equal("inference.GRPCInferenceService", service.FullName);
        Assert.Equal(rpcs, service.Methods.Select(method => method.Name));
        Assert.Equal(["ModelStreamInfer"], service.Methods.Where(method => method.IsClientStreaming && method.IsServerStreaming).Select(method => method.Name));
        Assert.All(service.Methods, method => Assert.Equal($"inference.{method.Name}Request", method.Name == "ModelStreamInfer" ? "inference.ModelStreamInferRequest" : method.InputType.FullName));
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(WithNested).Append(message);
}
