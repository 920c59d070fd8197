using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx.Providers;

/// <summary>An execution provider that a session can be made with.</summary>
internal interface IExecutionProvider
{
    string Name { get; }

    /// <summary>The options that it takes, by key.</summary>
    IReadOnlyDictionary<string, ProviderOption> Options { get; }

    /// <summary>Adds it to a session that is about to be made; throws where it is not to be had.</summary>
    void Append(SessionOptions session, IReadOnlyDictionary<string, string> options);
}
