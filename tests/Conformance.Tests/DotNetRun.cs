using Serving.Conformance.Protocols;

namespace Serving.Conformance.Tests;

/// <summary>A server and the suite's own client.</summary>
public sealed class DotNetRun : IAsyncLifetime
{
    private ConformanceServer? _server;
    private Target? _target;

    internal CaseRunner Runner => new(_target!);

    public async Task InitializeAsync()
    {
        _server = await ConformanceServer.StartAsync();
        _target = await Target.ConnectAsync(_server.Http, _server.Grpc);
    }

    public Task DisposeAsync()
    {
        _target?.Dispose();
        _server?.Dispose();
        return Task.CompletedTask;
    }
}
