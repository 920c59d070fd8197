using Microsoft.Extensions.Logging;
using Serving.Runtime.Inference;
using Serving.Runtime.Repository;

namespace Serving.Runtime.Models;

/// <summary>
/// Keeps the registry as the repositories are: looks, waits until files have settled, and tells each model that changed.
/// A model that takes long to load holds up no other.
/// </summary>
internal sealed partial class RepositoryFollower : IAsyncDisposable
{
    /// <summary>How long models may take to finish their runs when the engine is disposed. The host has drained by then.</summary>
    private static readonly TimeSpan DisposePatience = TimeSpan.FromSeconds(10);

    private const string Unloaded = "unloaded";

    private readonly EngineOptions _options;
    private readonly ModelRegistry _registry;
    private readonly SettledScan _settled;
    private readonly ILogger<RepositoryFollower> _log;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _looking = new(1);

    // Models that only a client's files make come and go one at a time.
    private readonly SemaphoreSlim _uploading = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private string _lastUnreadable = "";
    private Task _polling = Task.CompletedTask;

    public RepositoryFollower(EngineOptions options, ModelRegistry registry, ILogger<RepositoryFollower> log, TimeProvider time)
    {
        _options = options;
        _registry = registry;
        _settled = new SettledScan(options.SettleTime, time);
        _log = log;
        _time = time;
    }

    /// <summary>The first look: completes when every model that could load has. Then goes on following, if that is wanted.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        if (_options.ModelControlMode == ModelControlMode.Explicit)
        {
            foreach (var source in await LookAsync(stop.Token).ConfigureAwait(false))
            {
                _registry.GetOrAdd(source).List("not loaded; the model control mode is explicit");
            }

            return;
        }

        while (await FollowAsync(waitForLoads: true, stop.Token).ConfigureAwait(false) is { AllSettled: false })
        {
            await Task.Delay(TimeSpan.FromTicks(Math.Max(_options.SettleTime.Ticks / 4, TimeSpan.TicksPerMillisecond * 20)), _time, stop.Token).ConfigureAwait(false);
        }

        if (_options.ModelControlMode == ModelControlMode.Poll)
        {
            _polling = Task.Run(PollAsync, CancellationToken.None);
        }
    }

    /// <summary>Loads a model as its files are now, settled or not: who asks says that they are complete.</summary>
    public async Task<InferenceFailure?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is not { } source)
        {
            return InferenceFailure.NotFound($"failed to load '{name}': no model of that name is in {string.Join(", ", _options.Repository)}");
        }

        var model = _registry.GetOrAdd(source);
        await model.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        var failed = model.Versions.FirstOrDefault(v => v.Reason.Length > 0 && v.State != ModelState.Unknown);
        return failed is null ? null : InferenceFailure.InvalidInput($"failed to load '{name}': {failed.Reason}");
    }

    /// <summary>Loads a model with a client's overrides. Where that fails, what runs goes on as it was.</summary>
    public async Task<InferenceFailure?> LoadAsync(string name, LoadOverrides overrides, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            return await LoadOverriddenAsync(name, found, overrides, cancellationToken).ConfigureAwait(false);
        }

        await _uploading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await LoadOverriddenAsync(name, null, overrides, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _uploading.Release();
        }
    }

    /// <summary>Takes a model out of service; one that only a client's files made is forgotten.</summary>
    public async Task UnloadAsync(ServedModel model, CancellationToken cancellationToken)
    {
        if (model.Source.Upload is null)
        {
            await model.UnloadAsync(Unloaded, cancellationToken).ConfigureAwait(false);
            return;
        }

        await _uploading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await model.UnloadAsync(Unloaded, cancellationToken).ConfigureAwait(false);
            if (await FindAsync(model.Name, cancellationToken).ConfigureAwait(false) is null)
            {
                _registry.Remove(model);
            }
        }
        finally
        {
            _uploading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(DisposePatience, _time);
        try
        {
            foreach (var model in _registry.All)
            {
                await model.UnloadAsync("the server is stopping", patience.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // A run that does not end keeps its model; the process is about to take both along.
        }

        _stopping.Dispose();
    }

    private async Task<ModelSource?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var sources = await LookAsync(cancellationToken).ConfigureAwait(false);
        return sources.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<InferenceFailure?> LoadOverriddenAsync(
        string name, ModelSource? found, LoadOverrides overrides, CancellationToken cancellationToken)
    {
        var made = await Task.Run(() => OverriddenSource.Make(name, found, overrides), cancellationToken).ConfigureAwait(false);
        if (!made.TryGetValue(out var source, out var failure))
        {
            return failure with { Message = $"failed to load '{name}': {failure.Message}" };
        }

        var model = _registry.GetOrAdd(found ?? source);
        var succeeded = false;
        try
        {
            var reason = await model.LoadOverriddenAsync(source, cancellationToken).ConfigureAwait(false);
            succeeded = reason is null;
            return succeeded ? null : InferenceFailure.InvalidInput($"failed to load '{name}': {reason}");
        }
        finally
        {
            if (!succeeded)
            {
                source.Upload?.Dispose();
                ForgetIfEmpty(model, found);
            }
        }
    }

    /// <summary>A model that is in no repository and could not be loaded is nothing to be listed.</summary>
    private void ForgetIfEmpty(ServedModel model, ModelSource? found)
    {
        if (found is null && model.Versions.Length == 0)
        {
            _registry.Remove(model);
        }
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(_options.PollInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await FollowAsync(waitForLoads: false, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The engine is being disposed.
        }
    }

    private async Task<(bool AllSettled, int Count)> FollowAsync(bool waitForLoads, CancellationToken cancellationToken)
    {
        var sources = await LookAsync(cancellationToken).ConfigureAwait(false);
        List<Task> changes = [.. sources.Where(s => s.IsSettled).Select(s => FollowAsync(s, cancellationToken)), .. _registry.Missing(sources).Select(RemoveAsync)];
        foreach (var waiting in sources.Where(s => !s.IsSettled && _registry.Find(s.Name) is null))
        {
            _registry.GetOrAdd(waiting).List("waiting until the files have been unchanged for the settle time");
        }

        if (waitForLoads)
        {
            await Task.WhenAll(changes).ConfigureAwait(false);
        }

        return (sources.All(s => s.IsSettled), sources.Count);
    }

    private async Task FollowAsync(ModelSource source, CancellationToken cancellationToken)
    {
        try
        {
            await _registry.GetOrAdd(source).FollowAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogUnexpected(_log, e, source.Name);
        }
    }

    private async Task RemoveAsync(ServedModel model)
    {
        _registry.Remove(model);
        LogGone(_log, model.Name);
        await model.UnloadAsync("its files are gone", CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ModelSource>> LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var scan = RepositoryScanner.Scan([.. _options.Repository], _options.ModelName);
            ReportUnreadable(scan);
            return _settled.Advance(scan);
        }
        finally
        {
            _looking.Release();
        }
    }

    // Said once, not at every look.
    private void ReportUnreadable(RepositoryScan scan)
    {
        var unreadable = string.Join("; ", scan.Unreadable.Select(u => $"{u.Key}: {u.Value}"));
        if (unreadable != _lastUnreadable && unreadable.Length > 0)
        {
            LogUnreadable(_log, unreadable);
        }

        _lastUnreadable = unreadable;
    }

    [LoggerMessage(1320, LogLevel.Warning, "A repository cannot be read; its models stay as they are. {Repositories}")]
    private static partial void LogUnreadable(ILogger log, string repositories);

    [LoggerMessage(1321, LogLevel.Information, "Model '{Model}' is gone from the repository and is being unloaded.")]
    private static partial void LogGone(ILogger log, string model);

    [LoggerMessage(1322, LogLevel.Error, "Model '{Model}' could not be followed.")]
    private static partial void LogUnexpected(ILogger log, Exception exception, string model);
}
