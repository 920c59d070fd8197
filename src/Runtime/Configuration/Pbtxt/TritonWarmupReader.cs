using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>model_warmup</c>: samples made of zeros or random values become shapes; those from files are left out with a warning.</summary>
internal sealed class TritonWarmupReader
{
    private const string Path = "model_warmup";

    private readonly TritonNotes _notes;
    private readonly bool _hasBatchAxis;

    /// <param name="notes">Where errors and warnings go.</param>
    /// <param name="hasBatchAxis">Whether the extents given leave the batch axis out.</param>
    public TritonWarmupReader(TritonNotes notes, bool hasBatchAxis)
    {
        _notes = notes;
        _hasBatchAxis = hasBatchAxis;
    }

    public ImmutableArray<ImmutableDictionary<string, ImmutableArray<long>>> Read(PbtxtNode.Message root)
    {
        var runs = ImmutableArray.CreateBuilder<ImmutableDictionary<string, ImmutableArray<long>>>();
        foreach (var sample in root.Messages(Path))
        {
            if (PbtxtValues.Integer(sample.One("count")) > 1)
            {
                _notes.Warn(sample.At, $"{Path}.count", "each sample is run once");
            }

            var batch = Math.Max(1, _notes.Integer(sample.One("batch_size"), $"{Path}.batch_size", 0, ConfigLimits.MaxBatchRows) ?? 1);
            var inputs = _notes.Map(sample.Messages("inputs"), $"{Path}.inputs");
            if (inputs.Values.Any(i => i.Child("value").One("input_data_file") is not null))
            {
                _notes.Warn(sample.At, Path, "the sample is not run: samples from files are not supported by this version of the server");
            }
            else if (inputs.Count > 0)
            {
                runs.Add(inputs.ToImmutableDictionary(i => i.Key, i => ReadShape(i.Value.Child("value"), batch), StringComparer.Ordinal));
            }
        }

        return runs.ToImmutable();
    }

    private ImmutableArray<long> ReadShape(PbtxtNode.Message input, long batch)
    {
        var dims = input.All("dims").Select(node => _notes.Integer(node, $"{Path}.inputs.value.dims", 0, int.MaxValue)).OfType<long>();
        return _hasBatchAxis ? [batch, .. dims] : [.. dims];
    }
}
