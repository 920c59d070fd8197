using Serving.Runtime.Models;

namespace Serving.Runtime.Tests.Models;

/// <summary>What the probe found for a model that is ready.</summary>
internal sealed record BatchingDetailsView(bool Enabled, string Evidence, IReadOnlyDictionary<string, int> BatchAxes)
{
    public static BatchingDetailsView Of(EngineFixture fixture, string model)
    {
        Assert.True(fixture.Engine.GetDetails(model).TryGetValue(out var details, out var failure), failure?.ToString());
        var batching = Assert.Single(details!, d => d.State == ModelState.Ready).Batching!;
        return new BatchingDetailsView(batching.Enabled, batching.Evidence, batching.BatchAxes);
    }
}
