using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Configuration;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Repository;

namespace Serving.Runtime.Models;

/// <summary>
/// A model of the repository and what is loaded of it. Requests read the snapshot of its versions and take no lock;
/// changes are made one at a time. A new version is loaded, probed and warmed before it takes over, and the old one is
/// drained after; where the new one cannot be loaded, the old one stays.
/// </summary>
internal sealed partial class ServedModel
{
    private readonly SemaphoreSlim _changing = new(1);
    private readonly ModelLoader _loader;
    private readonly SemaphoreSlim _loads;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private ServedVersion[] _versions = [];
    private ImmutableSortedDictionary<string, long> _labels = ImmutableSortedDictionary<string, long>.Empty;
    private string? _appliedFingerprint;
    private Task _draining = Task.CompletedTask;

    /// <param name="source">Its files.</param>
    /// <param name="loader">Makes runnable models.</param>
    /// <param name="loads">Bounds how many models are loaded at a time.</param>
    /// <param name="metrics">Told of every load.</param>
    /// <param name="log">Told of every change.</param>
    /// <param name="time">The clock.</param>
    public ServedModel(ModelSource source, ModelLoader loader, SemaphoreSlim loads, EngineMetrics metrics, ILogger log, TimeProvider time)
    {
        Source = source;
        _loader = loader;
        _loads = loads;
        _metrics = metrics;
        _log = log;
        _time = time;
    }

    /// <summary>The files as they were when they were last looked at in earnest.</summary>
    public ModelSource Source { get; private set; }

    public string Name => Source.Name;

    /// <summary>The versions, ascending; the array is never changed, only replaced.</summary>
    public ServedVersion[] Versions => Volatile.Read(ref _versions);

    /// <summary>The names that requests may use in place of versions; the dictionary is never changed, only replaced.</summary>
    public ImmutableSortedDictionary<string, long> Labels => Volatile.Read(ref _labels);

    /// <summary>Whether a version is served as a task, whose graph has a name of its own.</summary>
    public bool HasTask => Array.Exists(Versions, static version => version.Loaded is LoadedTask { Graph: not null });

    /// <summary>Takes a lease on a version, or on the highest that is ready.</summary>
    public Outcome<LoadedModel> Acquire(string? version)
    {
        while (true)
        {
            var resolved = Resolve(version);
            var found = Find(resolved);
            if (found?.Loaded is null && Resolve(version) != resolved)
            {
                // The label has moved on, and what it named before is gone.
                continue;
            }

            if (found is null)
            {
                return Unknown(version);
            }

            if (found.Loaded is not { } loaded)
            {
                var why = found.Reason.Length > 0 ? $": {found.Reason}" : "";
                return InferenceFailure.NotReady($"Request for unready model: '{Name}' version {found.Version} is not at ready state{why}");
            }

            // A model that was retired meanwhile is no longer in the next snapshot.
            if (loaded.TryAcquire())
            {
                return loaded;
            }
        }
    }

    /// <summary>The versions that a client means: those of the name or label, or all where it names none.</summary>
    public Outcome<IReadOnlyList<ServedVersion>> Select(string? version)
    {
        if (string.IsNullOrEmpty(version))
        {
            return Versions;
        }

        return Find(Resolve(version)) is { } found ? new[] { found } : Unknown(version);
    }

    /// <summary>The labels that name a version.</summary>
    public IReadOnlyList<string> LabelsOf(ServedVersion version) => [.. Labels.Where(label => Text(label.Value) == version.Version).Select(label => label.Key)];

    /// <summary>The version named, or the highest that is ready, or where none is the highest that is loaded, or of all.</summary>
    private ServedVersion? Find(string? version)
    {
        var versions = Versions;
        if (!string.IsNullOrEmpty(version))
        {
            foreach (var known in versions)
            {
                if (known.Version == version)
                {
                    return known;
                }
            }

            return null;
        }

        return Array.FindLast(versions, static known => known.Loaded is { IsOut: false })
            ?? Array.FindLast(versions, static known => known.Loaded is not null)
            ?? versions.LastOrDefault();
    }

    /// <summary>The version behind a label; what is no label stays as it is.</summary>
    private string? Resolve(string? version) => version is not null && Labels.TryGetValue(version, out var labelled) ? Text(labelled) : version;

    private InferenceFailure Unknown(string? version)
    {
        var labels = Labels;
        var known = labels.IsEmpty ? "" : $"; its labels are {string.Join(", ", labels.Keys.Select(label => $"'{label}'"))}";
        return InferenceFailure.NotFound($"Request for unknown model: '{Name}' version {version} is not found{known}");
    }

    /// <summary>Lists it without loading anything.</summary>
    public void List(string reason)
    {
        var states = Source.Versions.Keys.Select(v => new ServedVersion { Version = Text(v), State = ModelState.Unknown, Reason = reason });
        Volatile.Write(ref _versions, Source.Error is null ? [.. states] : [Broken(Source.Error)]);
    }

    /// <summary>Follows its files where they have changed since they were last applied; at once where it is being changed already.</summary>
    public async Task FollowAsync(ModelSource source, CancellationToken cancellationToken)
    {
        if (source.Fingerprint == _appliedFingerprint || !await _changing.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await ChangeAsync(() => ApplyAsync(source, force: false, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Loads it again from its files, changed or not.</summary>
    public async Task LoadAsync(ModelSource source, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(() => ApplyAsync(source, force: true, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Loads it as a client will have it: all of its versions, or none, and then what runs goes on as it was. Answers why where none.</summary>
    public async Task<string?> LoadOverriddenAsync(ModelSource source, CancellationToken cancellationToken)
    {
        string? reason = null;
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(async () => reason = await OverrideAsync(source, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return reason;
    }

    /// <summary>Takes it out of service; done when its requests are. It stays out until it is loaded or its files change.</summary>
    public async Task UnloadAsync(string reason, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(async () =>
        {
            Take(Source with { Upload = null });
            foreach (var version in Versions)
            {
                Replace(version, version with { State = ModelState.Unavailable, Reason = reason, Loaded = null });
            }

            await _draining.WaitAsync(cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ServedVersion Broken(string reason) => new() { Version = "", State = ModelState.Unavailable, Reason = reason };

    private async Task ChangeAsync(Func<Task> change)
    {
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task ApplyAsync(ModelSource source, bool force, CancellationToken cancellationToken)
    {
        Take(source);
        if (source.Error is not null)
        {
            Refuse(source.Error);
            return;
        }

        var chosen = Choose(source);
        if (chosen.Count == 0)
        {
            Refuse(NoneChosen(source));
            return;
        }

        Drop("");
        foreach (var version in chosen.Reverse())
        {
            if (force || NeedsLoad(version))
            {
                await LoadVersionAsync(version, cancellationToken).ConfigureAwait(false);
            }
        }

        if (chosen.All(IsLoaded) || Labels.IsEmpty)
        {
            Volatile.Write(ref _labels, source.Config.VersionLabels);
        }

        // Where nothing that is chosen could be loaded, what was chosen before goes on.
        if (chosen.Any(IsLoaded) || !Array.Exists(Versions, v => v.Loaded is not null))
        {
            RetireAllBut(chosen);
        }
    }

    private async Task<string?> OverrideAsync(ModelSource source, CancellationToken cancellationToken)
    {
        var before = Versions;
        var chosen = Choose(source);
        if (chosen.Count == 0)
        {
            return NoneChosen(source);
        }

        foreach (var version in chosen.Where(version => !IsLoaded(version)))
        {
            Set(new ServedVersion { Version = Text(version), State = ModelState.Loading });
        }

        var made = new List<ServedVersion>();
        try
        {
            foreach (var version in chosen.Reverse())
            {
                made.Add(await MakeAsync(source, version, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception error)
        {
            Volatile.Write(ref _versions, before);
            _draining = Task.WhenAll([_draining, .. made.Select(version => version.Loaded!.RetireAsync())]);
            if (error is GraphException)
            {
                return error.Message;
            }

            throw;
        }

        Publish(source, chosen, made);
        return null;
    }

    private void Publish(ModelSource source, IReadOnlyList<long> chosen, List<ServedVersion> made)
    {
        Take(source);
        Drop("");
        foreach (var version in made)
        {
            Replace(Array.Find(Versions, v => v.Version == version.Version)!, version);
        }

        Volatile.Write(ref _labels, source.Config.VersionLabels);
        RetireAllBut(chosen);
    }

    /// <summary>From now on these are its files. Those that a client sent before are of no more use: what is loaded of them is in memory.</summary>
    private void Take(ModelSource source)
    {
        if (Source.Upload != source.Upload)
        {
            Source.Upload?.Dispose();
        }

        Source = source;
        _appliedFingerprint = source.Fingerprint;
    }

    private static IReadOnlyList<long> Choose(ModelSource source) => (source.Config.Versions ?? VersionPolicy.Default).Choose([.. source.Versions.Keys]);

    private static string NoneChosen(ModelSource source) =>
        $"the version policy chooses none of the versions {string.Join(", ", source.Versions.Keys)}";

    private bool IsLoaded(long version) => Array.Exists(Versions, v => v.Version == Text(version) && v.Loaded is not null);

    private bool NeedsLoad(long version)
    {
        var current = Array.Find(Versions, v => v.Version == Text(version));
        return current is not { State: ModelState.Ready, Reason: "" } || current.Fingerprint != Source.Versions[version].Fingerprint;
    }

    private async Task LoadVersionAsync(long version, CancellationToken cancellationToken)
    {
        var files = Source.Versions[version];
        var text = Text(version);
        var before = Array.Find(Versions, v => v.Version == text);
        var loading = (before ?? new ServedVersion { Version = text, State = ModelState.Loading }) with { File = files.GraphPath };
        Set(loading.Loaded is null ? loading with { State = ModelState.Loading, Reason = "" } : loading with { Reason = "a reload is under way" });
        try
        {
            Replace(loading, await MakeAsync(Source, version, cancellationToken).ConfigureAwait(false));
        }
        catch (GraphException e)
        {
            Set(loading.Loaded is null
                ? loading with { State = ModelState.Unavailable, Reason = e.Message, Fingerprint = files.Fingerprint }
                : loading with { Reason = $"the reload failed and the files before are still served: {e.Message}" });
        }
        catch (OperationCanceledException)
        {
            Set(loading.Loaded is null ? loading with { State = ModelState.Unavailable, Reason = "loading was cancelled" } : loading with { Reason = "" });
            throw;
        }
    }

    /// <summary>Loads a version without putting it into service.</summary>
    /// <exception cref="GraphException">It cannot be loaded; the message says why.</exception>
    private async Task<ServedVersion> MakeAsync(ModelSource source, long version, CancellationToken cancellationToken)
    {
        var text = Text(version);
        await _loads.WaitAsync(cancellationToken).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        try
        {
            var result = await _loader.LoadAsync(source, version, cancellationToken).ConfigureAwait(false);
            Report(text, result, _time.GetElapsedTime(started));
            return new ServedVersion
            {
                Version = text,
                State = ModelState.Ready,
                File = source.Versions[version].GraphPath,
                Fingerprint = source.Versions[version].Fingerprint,
                Loaded = result.Model,
                RefusedProviders = result.RefusedProviders,
            };
        }
        catch (GraphException e)
        {
            _metrics.Loaded(Name, text, succeeded: false, _time.GetElapsedTime(started));
            LogNotLoaded(_log, Name, text, e.Message);
            throw;
        }
        finally
        {
            _loads.Release();
        }
    }

    private void Report(string version, LoadResult result, TimeSpan took)
    {
        _metrics.Loaded(Name, version, succeeded: true, took);
        if (result.Model.Graph is null)
        {
            LogLoadedWithoutGraph(_log, Name, version, took.TotalMilliseconds);
        }
        else
        {
            LogLoaded(_log, Name, version, result.Provider, took.TotalMilliseconds, result.Evidence);
        }

        foreach (var warning in result.Model.Warnings)
        {
            LogWarning(_log, Name, version, warning);
        }

        foreach (var (provider, why) in result.RefusedProviders)
        {
            LogProviderRefused(_log, Name, version, provider, why);
        }
    }

    // What is loaded goes on; what is not gets the reason.
    private void Refuse(string reason)
    {
        LogRefused(_log, Name, reason);
        ServedVersion[] kept = [.. Versions.Where(v => v.Loaded is not null).Select(v => v with { Reason = $"the files before are still served: {reason}" })];
        Volatile.Write(ref _versions, kept.Length > 0 ? kept : [Broken(reason)]);
    }

    private void RetireAllBut(IReadOnlyList<long> chosen)
    {
        foreach (var version in Versions.Where(v => !chosen.Any(c => Text(c) == v.Version)))
        {
            var stillThere = Source.Versions.Keys.Any(v => Text(v) == version.Version);
            var after = version with { State = ModelState.Unknown, Reason = "not chosen by the version policy", Loaded = null };
            Replace(version, after);
            if (!stillThere)
            {
                Drop(version.Version);
            }
        }

        foreach (var version in Source.Versions.Keys.Select(Text).Where(v => !Versions.Any(known => known.Version == v)))
        {
            Set(new ServedVersion { Version = version, State = ModelState.Unknown, Reason = "not chosen by the version policy" });
        }
    }

    // Nothing waits here for the old model's requests; who must, waits for the draining.
    private void Replace(ServedVersion before, ServedVersion after)
    {
        Set(after);
        if (before.Loaded is { } old && old != after.Loaded)
        {
            _draining = Task.WhenAll(_draining, old.RetireAsync());
        }
    }

    private void Set(ServedVersion version) => Volatile.Write(
        ref _versions,
        [.. Versions.Where(v => v.Version != version.Version).Append(version).OrderBy(v => v.Version.Length).ThenBy(v => v.Version, StringComparer.Ordinal)]);

    private void Drop(string version) => Volatile.Write(ref _versions, [.. Versions.Where(v => v.Version != version)]);
}
