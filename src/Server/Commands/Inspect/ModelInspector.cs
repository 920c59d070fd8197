using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Commands.Inspect;

/// <summary>Loads models one by one, as the server would, and tells what was found.</summary>
internal sealed class ModelInspector(EngineOptions options)
{
    /// <summary>Every version of the models wanted, in the repository's order.</summary>
    /// <param name="wants">Which models, by name.</param>
    /// <param name="cancellationToken">Ends it between models.</param>
    public async Task<IReadOnlyList<Inspection>> RunAsync(Predicate<string> wants, CancellationToken cancellationToken)
    {
        options.ModelControlMode = ModelControlMode.Explicit;
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var engine = new InferenceEngine(
            options, services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance, TimeProvider.System);
        await engine.StartAsync(cancellationToken);
        var found = new List<Inspection>();
        foreach (var model in engine.GetIndex().Select(status => status.Name).Distinct().Where(name => wants(name)).ToList())
        {
            var before = Environment.WorkingSet;
            await engine.LoadAsync(model, cancellationToken);
            var grown = Math.Max(0, Environment.WorkingSet - before);
            if (engine.GetDetails(model).TryGetValue(out var versions, out _))
            {
                found.AddRange(versions.Select(version => Inspect(engine, version, grown)));
            }

            await engine.UnloadAsync(model, cancellationToken);
        }

        return found;
    }

    private static Inspection Inspect(InferenceEngine engine, ModelDetails version, long grown) =>
        version.State == ModelState.Ready
        && engine.GetMetadata(version.Name, version.Version).TryGetValue(out var metadata, out _)
        && engine.GetCosts(version.Name, version.Version).TryGetValue(out var costs, out _)
            ? new Inspection(version, [.. metadata.Inputs.Select(Describe)], [.. metadata.Outputs.Select(Describe)], costs, grown)
            : new Inspection(version, [], [], null, 0);

    private static InspectedTensor Describe(TensorSignature tensor) =>
        new(tensor.Name, tensor.Type.Name(), tensor.Shape.ToArray(), tensor.AxisNames, tensor.Optional);
}
