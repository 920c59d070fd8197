using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>Any DirectX 12 GPU on Windows.</summary>
internal sealed class DirectMlProvider : IExecutionProvider
{
    public string Name => ProviderNames.DirectMl;

    public IReadOnlyDictionary<string, ProviderOption> Options { get; } = new Dictionary<string, ProviderOption>
    {
        ["device_id"] = ProviderOption.Number(0, 255),
    };

    public void Append(SessionOptions session, IReadOnlyDictionary<string, string> options)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new NotSupportedException("DirectML is a part of Windows");
        }

        session.AppendExecutionProvider_DML(int.Parse(options.GetValueOrDefault("device_id", "0"), CultureInfo.InvariantCulture));
    }
}
