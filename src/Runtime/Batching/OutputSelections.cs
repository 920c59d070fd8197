namespace Serving.Runtime.Batching;

/// <summary>A model's selections of outputs. Clients ask for the same ones again and again, so the last is kept.</summary>
internal sealed class OutputSelections(IReadOnlyList<string> all)
{
    private readonly OutputSelection _all = new(all);
    private volatile OutputSelection? _last;

    /// <summary>The selection of these names, all of which the model has; of all its outputs where there are none.</summary>
    public OutputSelection Get(IReadOnlyList<string>? names)
    {
        if (names is not { Count: > 0 })
        {
            return _all;
        }

        if (_last is { } last && names.SequenceEqual(last.Names))
        {
            return last;
        }

        return _last = new OutputSelection(names);
    }
}
