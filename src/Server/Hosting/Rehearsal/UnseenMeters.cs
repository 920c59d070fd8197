using System.Diagnostics.Metrics;
using Serving.Server.Observability;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>Makes meters that only the rehearsal's own collector asks for.</summary>
internal sealed class UnseenMeters : IMeterFactory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Meter> _meters = [];

    public static MeterPrefix Prefix { get; } = new("rehearsal.");

    public Meter Create(MeterOptions options)
    {
        lock (_gate)
        {
            if (!_meters.TryGetValue(options.Name, out var meter))
            {
                _meters[options.Name] = meter = new Meter(new MeterOptions(Prefix.Text + options.Name));
            }

            return meter;
        }
    }

    public void Dispose()
    {
        foreach (var meter in _meters.Values)
        {
            meter.Dispose();
        }
    }
}
