using System.Globalization;
using Serving.Runtime.Batching;
using Serving.Runtime.Configuration;
using Serving.Runtime.Onnx;
using Serving.Runtime.Onnx.Providers;
using Serving.Runtime.Repository;
using Serving.Runtime.Tasks;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>Says how a model version will be served, once everything about it is known.</summary>
internal static class ConfigurationDescriber
{
    private const string DeviceId = "device_id";

    public static ModelConfiguration Describe(
        ModelSource source, long version, OnnxSession session, GraphSignature signature, BatchAxes axes, BatcherOptions limits)
    {
        var batches = axes.Enabled && limits.MaxRows > 1 && LieFirst(signature, axes);
        var device = DeviceOf(session.Provider, source.Config);
        return new ModelConfiguration(source.Name, source.FileNameOf(version), device)
        {
            Versions = source.Config.Versions ?? VersionPolicy.Default,
            MaxBatchSize = batches ? limits.MaxRows : 0,
            MaxQueueRows = limits.MaxQueueRows,
            QueueTimeout = limits.QueueTimeout,
            Inputs = [.. signature.Inputs.Select(input => Configure(input) with { Format = FormatOf(input.Name, source.Config) })],
            Outputs = [.. signature.Outputs.Select(Configure)],
            Accelerators = device is null ? [] : [.. source.Config.Providers.Where(NeedsNaming).Select(p => p with { Options = p.Options.Remove(DeviceId) })],
            Written = source.Config,
        };

        ConfiguredTensor Configure(TensorSignature tensor) => new(
            tensor, [.. tensor.Shape.ToArray().Skip(batches ? 1 : 0)], source.Config.Labels.GetValueOrDefault(tensor.Name, ""));
    }

    /// <summary>A task's: its rows are as many as a client likes, so that it has no largest batch.</summary>
    public static ModelConfiguration Describe(ModelSource source, long version, ITask task, ModelConfiguration graph) =>
        new(source.Name, source.FileNameOf(version), graph.Device)
        {
            Platform = LoadedTask.TaskPlatform,
            Backend = "serving",
            Versions = graph.Versions,
            MaxBatchSize = 0,
            MaxQueueRows = graph.MaxQueueRows,
            QueueTimeout = graph.QueueTimeout,
            Inputs = [.. task.Inputs.Select(Configure)],
            Outputs = [.. task.Outputs.Select(Configure)],
            Accelerators = graph.Accelerators,
            Written = graph.Written,
        };

    /// <summary>An ensemble's, whose inputs and outputs are those of its steps' models and not known yet.</summary>
    public static ModelConfiguration Describe(ModelSource source, long version) => new(source.Name, source.FileNameOf(version), null)
    {
        Platform = LoadedEnsemble.EnsemblePlatform,
        Backend = "",
        Versions = source.Config.Versions ?? VersionPolicy.Default,
        MaxBatchSize = 0,
        MaxQueueRows = 0,
        Inputs = [],
        Outputs = [],
        Written = source.Config,
    };

    private static ConfiguredTensor Configure(TensorSignature tensor) => new(tensor, tensor.Shape.ToArray(), "");

    private static TensorFormat FormatOf(string input, ModelConfig config) =>
        config.Inputs.FirstOrDefault(declared => declared.Name == input)?.Format ?? TensorFormat.None;

    private static int? DeviceOf(string provider, ModelConfig config)
    {
        if (provider == ProviderNames.Cpu)
        {
            return null;
        }

        var options = config.Providers.FirstOrDefault(p => p.Name == provider)?.Options;
        return int.TryParse(options?.GetValueOrDefault(DeviceId), NumberStyles.None, CultureInfo.InvariantCulture, out var device) ? device : 0;
    }

    /// <summary>CUDA without options is what a GPU means anyway.</summary>
    private static bool NeedsNaming(ProviderConfig provider) =>
        provider.Name == ProviderNames.Tensorrt || (provider.Name == ProviderNames.Cuda && !provider.Options.Remove(DeviceId).IsEmpty);

    /// <summary>A client reads from the largest batch that it may lay rows along the first axis, so every tensor must have its rows there.</summary>
    private static bool LieFirst(GraphSignature signature, BatchAxes axes) =>
        signature.Inputs.All(input => input.HasRank && axes.Inputs.TryGetValue(input.Name, out var axis) && axis == 0)
        && signature.Outputs.All(output => axes.Outputs.TryGetValue(output.Name, out var axis) && axis == 0);
}
