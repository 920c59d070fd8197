using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Serving.Server.Tests.Hosting;

/// <summary>A request that stays in flight until the test lets it go.</summary>
internal sealed class SlowEndpoint
{
    public const string Path = "/test/slow";

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the request has arrived.</summary>
    public Task Entered => _entered.Task;

    public void Release() => _released.TrySetResult();

    public void Map(WebApplication app) => app.MapGet(Path, async (HttpContext context) =>
    {
        _entered.TrySetResult();
        await _released.Task.WaitAsync(context.RequestAborted);
        return "done";
    });
}
