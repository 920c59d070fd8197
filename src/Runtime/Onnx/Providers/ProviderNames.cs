namespace Serving.Runtime.Onnx.Providers;

/// <summary>The execution providers that can be asked for.</summary>
internal static class ProviderNames
{
    public const string Tensorrt = "tensorrt";
    public const string Cuda = "cuda";
    public const string DirectMl = "directml";
    public const string Cpu = "cpu";
}
