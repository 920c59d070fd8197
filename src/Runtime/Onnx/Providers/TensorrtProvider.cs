using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>NVIDIA GPUs by TensorRT, with CUDA for what it cannot compile.</summary>
internal sealed class TensorrtProvider(CudaProvider cuda) : IExecutionProvider
{
    public string Name => ProviderNames.Tensorrt;

    public IReadOnlyDictionary<string, ProviderOption> Options { get; } = new Dictionary<string, ProviderOption>
    {
        ["device_id"] = ProviderOption.Number(0, 255),
        ["trt_max_workspace_size"] = ProviderOption.Number(1),
        ["trt_min_subgraph_size"] = ProviderOption.Number(1),
        ["trt_max_partition_iterations"] = ProviderOption.Number(1),
        ["trt_fp16_enable"] = ProviderOption.Switch,
        ["trt_bf16_enable"] = ProviderOption.Switch,
        ["trt_int8_enable"] = ProviderOption.Switch,
        ["trt_builder_optimization_level"] = ProviderOption.Number(0, 5),
        ["trt_engine_cache_enable"] = ProviderOption.Switch,
        ["trt_engine_cache_path"] = ProviderOption.Text,
        ["trt_timing_cache_enable"] = ProviderOption.Switch,
        ["trt_timing_cache_path"] = ProviderOption.Text,
        ["trt_profile_min_shapes"] = ProviderOption.Text,
        ["trt_profile_opt_shapes"] = ProviderOption.Text,
        ["trt_profile_max_shapes"] = ProviderOption.Text,
    };

    public void Append(SessionOptions session, IReadOnlyDictionary<string, string> options)
    {
        using var tensorrt = new OrtTensorRTProviderOptions();
        tensorrt.UpdateOptions(new Dictionary<string, string>(options));
        session.AppendExecutionProvider_Tensorrt(tensorrt);
        var device = options.Where(o => o.Key == "device_id").ToDictionary();
        cuda.Append(session, device);
    }
}
