namespace Serving.Conformance.Protocols;

/// <summary>The server under test.</summary>
internal sealed class Target : IDisposable
{
    /// <summary>How long any one step may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Target(Uri http, Uri grpc)
    {
        Address = http;
        Http = new HttpCaller(http);
        Grpc = new GrpcCaller(grpc);
    }

    public Uri Address { get; }

    public HttpCaller Http { get; }

    public GrpcCaller Grpc { get; }

    /// <summary>Without an address of gRPC: the port of REST where that answers gRPC too, else the next.</summary>
    public static async Task<Target> ConnectAsync(Uri http, Uri? grpc)
    {
        if (grpc is null)
        {
            using var sameport = new GrpcCaller(http);
            grpc = await sameport.IsAnsweredAsync() ? http : new UriBuilder(http) { Port = http.Port + 1 }.Uri;
        }

        return new Target(http, grpc);
    }

    public void Dispose()
    {
        Http.Dispose();
        Grpc.Dispose();
    }
}
