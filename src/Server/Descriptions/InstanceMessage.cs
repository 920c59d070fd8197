using Serving.Contracts.Inference;
using Serving.Runtime.Configuration;
using Serving.Runtime.Models;
using Accelerators = Serving.Contracts.Inference.ModelOptimizationPolicy.Types.ExecutionAccelerators;

namespace Serving.Server.Descriptions;

/// <summary>On what device a model runs, and how its graph is optimised, as Triton's configuration says it.</summary>
internal static class InstanceMessage
{
    /// <summary>One session serves all requests: it is where the provider that loaded it is.</summary>
    public static ModelInstanceGroup Of(ModelConfiguration model) => model.Device is { } device
        ? new ModelInstanceGroup { Count = 1, Kind = ModelInstanceGroup.Types.Kind.Gpu, Gpus = { device } }
        : new ModelInstanceGroup { Count = 1, Kind = ModelInstanceGroup.Types.Kind.Cpu };

    public static ModelOptimizationPolicy Optimization(ModelConfiguration model)
    {
        var policy = new ModelOptimizationPolicy();
        if (Level(model.Written.Optimization) is { } level)
        {
            policy.Graph = new ModelOptimizationPolicy.Types.Graph { Level = level };
        }

        if (model.Accelerators.Count > 0)
        {
            policy.ExecutionAccelerators = new Accelerators { GpuExecutionAccelerator = { model.Accelerators.Select(Of) } };
        }

        return policy;
    }

    private static Accelerators.Types.Accelerator Of(ProviderConfig provider) => new() { Name = provider.Name, Parameters = { provider.Options } };

    /// <summary>Triton's numbers are no scale; everything, its 0, needs no saying.</summary>
    private static int? Level(OptimizationLevel? level) => level switch
    {
        OptimizationLevel.None => 2,
        OptimizationLevel.Basic => -1,
        OptimizationLevel.Extended => 1,
        _ => null,
    };
}
