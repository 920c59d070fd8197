using System.Diagnostics.Metrics;
using Serving.Runtime.Tensors;
using Serving.Server.Hosting;

namespace Serving.Server.Observability;

/// <summary>What the runtime's own metrics do not tell of the process: the memory for tensors, and which build runs.</summary>
internal sealed class ProcessMetrics
{
    public const string MeterName = "Serving.Process";

    public ProcessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("serving_buffer_pool_rented", () => BufferPool.Shared.RentedBytes, "By", "Memory for tensors that is in use.");
        meter.CreateObservableGauge("serving_buffer_pool_kept", () => BufferPool.Shared.KeptBytes, "By", "Memory for tensors that is kept for the next request.");
        meter.CreateObservableGauge("serving_build_info", ReadBuild, null, "1, with the server's version.");
    }

    private static Measurement<int> ReadBuild() => new(1, new KeyValuePair<string, object?>("version", ProductInfo.Version));
}
