using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>The processor; always there, and under every other provider for the operators that it lacks.</summary>
internal sealed class CpuProvider : IExecutionProvider
{
    public string Name => ProviderNames.Cpu;

    public IReadOnlyDictionary<string, ProviderOption> Options { get; } = new Dictionary<string, ProviderOption>
    {
        ["use_arena"] = ProviderOption.Switch,
    };

    public void Append(SessionOptions session, IReadOnlyDictionary<string, string> options) =>
        session.EnableCpuMemArena = options.GetValueOrDefault("use_arena", "1") == "1";
}
