using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>NVIDIA GPUs by CUDA and cuDNN.</summary>
internal sealed class CudaProvider : IExecutionProvider
{
    // EXHAUSTIVE, ONNX Runtime's default, measures every algorithm for each new shape: 634 ms a shape against 1.9 ms
    // with HEURISTIC, the same afterwards (PaddlePaddle/PaddleX#5057). Shapes here are the clients' choice.
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["cudnn_conv_algo_search"] = "HEURISTIC",
        ["arena_extend_strategy"] = "kSameAsRequested",

        // With TF32, ONNX Runtime's default, FP32 answers are off by up to 2.5e-3 of the largest magnitude (39 zoo models on
        // an H100), and a row's answer depends on the size of its batch. Who prefers speed asks for it.
        ["use_tf32"] = "0",
    };

    public string Name => ProviderNames.Cuda;

    public IReadOnlyDictionary<string, ProviderOption> Options { get; } = new Dictionary<string, ProviderOption>
    {
        ["device_id"] = ProviderOption.Number(0, 255),
        ["gpu_mem_limit"] = ProviderOption.Number(1),
        ["arena_extend_strategy"] = ProviderOption.OneOf("kNextPowerOfTwo", "kSameAsRequested"),
        ["cudnn_conv_algo_search"] = ProviderOption.OneOf("HEURISTIC", "EXHAUSTIVE", "DEFAULT"),
        ["cudnn_conv_use_max_workspace"] = ProviderOption.Switch,
        ["use_tf32"] = ProviderOption.Switch,
        ["prefer_nhwc"] = ProviderOption.Switch,
    };

    public void Append(SessionOptions session, IReadOnlyDictionary<string, string> options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(ProviderDefaults.Merge(Defaults, options));
        session.AppendExecutionProvider_CUDA(cuda);
    }
}
