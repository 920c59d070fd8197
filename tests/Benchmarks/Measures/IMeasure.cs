using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>Something that is measured: one figure, or several that the same runs give.</summary>
internal interface IMeasure
{
    IReadOnlyList<MeasureDefinition> Definitions { get; }

    /// <summary>Programs of the machine without which there is no figure.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>One result for each definition.</summary>
    Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig);
}
