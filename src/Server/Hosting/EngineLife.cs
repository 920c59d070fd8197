using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Server.Hosting;

/// <summary>What the host needs of the engine: to start it, and to tell people what it found.</summary>
/// <param name="StartAsync">The first scan and the loads; done when every model that could load has.</param>
/// <param name="GetIndex">The model versions and their states.</param>
/// <param name="GetMetadata">The tensors of a model.</param>
internal sealed record EngineLife(
    Func<CancellationToken, Task> StartAsync,
    Func<IReadOnlyList<ModelStatus>> GetIndex,
    Func<string, Outcome<ModelMetadata>> GetMetadata);
