using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Serving.Server.Hosting.Tls;

namespace Serving.Server.Hosting;

/// <summary>Opens the ports and sets Kestrel's limits.</summary>
internal sealed class KestrelSetup(
    IOptions<ServingOptions> options, Listeners listeners, TlsState tls, ILogger<ConnectionLimit> connections) : IConfigureOptions<KestrelServerOptions>
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>What one request may send ahead of being read. A client waits for a new window once per half of it, so this holds several images or token batches.</summary>
    private const int StreamWindow = 8 * Mebibyte;

    /// <summary>What all requests of a connection may send ahead together; bounds the memory that a slow model lets one connection fill.</summary>
    private const int ConnectionWindow = 64 * Mebibyte;

    /// <summary>A tensor in frames of the default 16 KiB costs a header and a dispatch for each; arbitrary within HTTP/2's 16 MiB.</summary>
    private const int FrameSize = Mebibyte;

    /// <summary>Requests in progress on a connection; a client sends the next when one is answered. Eight batches of the default 32 rows; arbitrary.</summary>
    private const int Streams = 256;

    /// <summary>The longest that a client may take for a request's headers. They fit a packet or two; arbitrary.</summary>
    private static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(10);

    /// <summary>When a connection of HTTP/2 on which nothing came is asked for a sign of life; a stream may be idle for hours. Arbitrary.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes a second below which Kestrel itself cuts a connection off, once its patience is over. Its own default: it is there for
    /// what the server's clocks do not see, such as the end of an answer after its request is done.
    /// </summary>
    private const double LeastRate = 240;

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // The sniffer presents cleartext HTTP/2 as if TLS had agreed on it; the scheme that clients send is http all the same.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBytes;
        kestrel.Limits.KeepAliveTimeout = options.Value.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastRate, options.Value.TransferTimeout);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(LeastRate, options.Value.TransferTimeout);
        kestrel.Limits.RequestHeadersTimeout = HeadersPatience;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
        kestrel.Limits.Http2.MaxStreamsPerConnection = Streams;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        kestrel.Limits.Http2.MaxFrameSize = FrameSize;
        foreach (var listener in listeners.All)
        {
            Open(kestrel, listener);
        }
    }

    private void Open(KestrelServerOptions kestrel, Listener listener)
    {
        switch (options.Value.Host)
        {
            case "*":
                kestrel.ListenAnyIP(listener.Port, listen => Configure(listen, listener));
                break;
            case "localhost" when listener.Port != 0:
                kestrel.ListenLocalhost(listener.Port, listen => Configure(listen, listener));
                break;
            case "localhost":
                // No free port can be had for both of localhost's addresses at once.
                kestrel.Listen(IPAddress.Loopback, listener.Port, listen => Configure(listen, listener));
                break;
            default:
                kestrel.Listen(IPAddress.Parse(options.Value.Host), listener.Port, listen => Configure(listen, listener));
                break;
        }
    }

    private void Configure(ListenOptions listen, Listener listener)
    {
        listener.Options = listen;
        listen.Protocols = listener.Roles switch
        {
            ListenerRoles.Grpc => HttpProtocols.Http2,
            ListenerRoles.Metrics => HttpProtocols.Http1,
            _ => HttpProtocols.Http1AndHttp2,
        };
        var limit = new ConnectionLimit(options.Value.MaxConnections, listener.Option, connections);
        listen.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return limit.RunAsync(connection, next);
        });
        if (listener.Tls)
        {
            // Asked for every connection, so that a renewed certificate needs no restart. ALPN follows the protocols above.
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.CreateOptions()) });
        }
        else if (listen.Protocols == HttpProtocols.Http1AndHttp2)
        {
            listen.Use(next => connection => CleartextHttp2.RunAsync(connection, next));
        }
    }
}
