using System.Collections.Frozen;
using System.Collections.Immutable;
using Serving.Runtime.Inference;
using Serving.Runtime.Repository;

namespace Serving.Runtime.Models;

/// <summary>
/// The models by name, without regard to case. Requests read a frozen snapshot; it is replaced when models come or go.
/// </summary>
internal sealed class ModelRegistry
{
    private readonly Lock _changing = new();
    private readonly Func<ModelSource, ServedModel> _create;
    private ImmutableSortedDictionary<string, ServedModel> _byKey = ImmutableSortedDictionary.Create<string, ServedModel>(StringComparer.Ordinal);
    private FrozenDictionary<string, ServedModel> _byName = FrozenDictionary<string, ServedModel>.Empty;

    public ModelRegistry(Func<ModelSource, ServedModel> create) => _create = create;

    /// <summary>All models, also those that share a name and can therefore not be called.</summary>
    public IEnumerable<ServedModel> All => Volatile.Read(ref _byKey).Values;

    public ServedModel? Find(string name) => Volatile.Read(ref _byName).GetValueOrDefault(name);

    /// <summary>What a client means by a name: a model, or <c>NAME.graph</c> for the graph of the task NAME.</summary>
    public Outcome<ModelTarget> Get(string name)
    {
        if (Find(name) is { } model)
        {
            return new ModelTarget(model, IsGraph: false);
        }

        return name.EndsWith(ModelTarget.GraphSuffix, StringComparison.OrdinalIgnoreCase)
            && Find(name[..^ModelTarget.GraphSuffix.Length]) is { HasTask: true } task
            ? new ModelTarget(task, IsGraph: true)
            : InferenceFailure.NotFound($"Request for unknown model: '{name}' is not found");
    }

    /// <summary>The model of these files, made where it is new.</summary>
    public ServedModel GetOrAdd(ModelSource source)
    {
        lock (_changing)
        {
            if (_byKey.TryGetValue(source.Key, out var known))
            {
                return known;
            }

            var model = _create(source);
            Publish(_byKey.Add(source.Key, model));
            return model;
        }
    }

    /// <summary>The models whose files are gone; those that a client sent are not looked for in the repositories.</summary>
    public IReadOnlyList<ServedModel> Missing(IEnumerable<ModelSource> sources)
    {
        var keys = sources.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        return [.. Volatile.Read(ref _byKey).Where(pair => !keys.Contains(pair.Key) && pair.Value.Source.Upload is null).Select(pair => pair.Value)];
    }

    /// <summary>Forgets a model; requests under way keep their lease.</summary>
    public void Remove(ServedModel model)
    {
        lock (_changing)
        {
            // Another model may have come under its name meanwhile.
            if (_byKey.GetValueOrDefault(model.Source.Key) == model)
            {
                Publish(_byKey.Remove(model.Source.Key));
            }
        }
    }

    // Of two models of one name the first keeps it: the scanner lists the second under a key of its own.
    private void Publish(ImmutableSortedDictionary<string, ServedModel> byKey)
    {
        Volatile.Write(ref _byKey, byKey);
        Volatile.Write(
            ref _byName,
            byKey.Values.Where(m => byKey.ContainsKey(m.Name.ToLowerInvariant()) is var owned && (!owned || m.Source.Key == m.Name.ToLowerInvariant()))
                .DistinctBy(m => m.Name, StringComparer.OrdinalIgnoreCase)
                .ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase));
    }
}
