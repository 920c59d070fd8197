namespace Serving.Server.Hosting;

internal sealed partial class StartupSummary
{
    [LoggerMessage(1003, LogLevel.Information, "Serving. REST {Rest}, gRPC {Grpc}, metrics {Metrics}; {Ready} models ready, {Failed} failed.")]
    private partial void LogServing(Uri rest, Uri grpc, Uri metrics, int ready, int failed);
}
