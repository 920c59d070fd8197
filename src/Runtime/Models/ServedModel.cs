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

    /// <summary>Takes a lease on a version, or on the highest that is ready.</summary>
    public Outcome<LoadedModel> Acquire(string? version)
    {
        while (true)
        {
            if (Find(version) is not { } found)
            {
                return InferenceFailure.NotFound($"Request for unknown model: '{Name}' version {version} is not found");
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

    /// <summary>The version named, or the highest that is ready, or where none is the highest of all.</summary>
    public ServedVersion? Find(string? version)
    {
        var versions = Versions;
        return string.IsNullOrEmpty(version)
            ? Array.FindLast(versions, v => v.Loaded is not null) ?? versions.LastOrDefault()
            : Array.Find(versions, v => v.Version == version);
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

    /// <summary>Takes it out of service; done when its requests are. It stays out until it is loaded or its files change.</summary>
    public async Task UnloadAsync(string reason, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(async () =>
        {
            _appliedFingerprint = Source.Fingerprint;
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
        Source = source;
        _appliedFingerprint = source.Fingerprint;
        if (source.Error is not null)
        {
            Refuse(source.Error);
            return;
        }

        var chosen = (source.Config.Versions ?? VersionPolicy.Default).Choose([.. source.Versions.Keys]);
        if (chosen.Count == 0)
        {
            Refuse($"the version policy chooses none of the versions {string.Join(", ", source.Versions.Keys)}");
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

        RetireAllBut(chosen);
    }

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
        await _loads.WaitAsync(cancellationToken).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        try
        {
            var result = await _loader.LoadAsync(Source, version, cancellationToken).ConfigureAwait(false);
            var ready = loading with
            {
                State = ModelState.Ready,
                Reason = "",
                Fingerprint = files.Fingerprint,
                Loaded = result.Model,
                RefusedProviders = result.RefusedProviders,
            };
            _metrics.Loaded(Name, text, succeeded: true, _time.GetElapsedTime(started));
            LogLoaded(_log, Name, text, result.Model.Provider, _time.GetElapsedTime(started).TotalMilliseconds, result.Model.Axes.Evidence);
            foreach (var (provider, why) in result.RefusedProviders)
            {
                LogProviderRefused(_log, Name, text, provider, why);
            }

            Replace(loading, ready);
        }
        catch (GraphException e)
        {
            _metrics.Loaded(Name, text, succeeded: false, _time.GetElapsedTime(started));
            LogNotLoaded(_log, Name, text, e.Message);
            Set(loading.Loaded is null
                ? loading with { State = ModelState.Unavailable, Reason = e.Message, Fingerprint = files.Fingerprint }
                : loading with { Reason = $"the reload failed and the files before are still served: {e.Message}" });
        }
        catch (OperationCanceledException)
        {
            Set(loading.Loaded is null ? loading with { State = ModelState.Unavailable, Reason = "loading was cancelled" } : loading with { Reason = "" });
            throw;
        }
        finally
        {
            _loads.Release();
        }
    }

    // What is loaded goes on; what is not gets the reason.
    private void Refuse(string reason)
    {
        LogNotLoaded(_log, Name, "", reason);
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
