using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Serving.Server.Hosting.Tls;
using Serving.Server.Http2;

namespace Serving.Server.Hosting;

/// <summary>Opens the ports and sets Kestrel's limits.</summary>
internal sealed class KestrelSetup(
    IOptions<ServingOptions> options, Listeners listeners, TlsState tls, Http2Host http2, ILogger<ConnectionLimit> connections) : IConfigureOptions<KestrelServerOptions>
{
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
        kestrel.Limits.RequestHeadersTimeout = ConnectionLimits.HeadersPatience;
        kestrel.Limits.Http2.KeepAlivePingDelay = ConnectionLimits.PingDelay;
        kestrel.Limits.Http2.MaxStreamsPerConnection = ConnectionLimits.Streams;
        kestrel.Limits.Http2.InitialStreamWindowSize = ConnectionLimits.StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionLimits.ConnectionWindow;
        kestrel.Limits.Http2.MaxFrameSize = ConnectionLimits.FrameSize;
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

        if (listen.Protocols != HttpProtocols.Http1)
        {
            var always = listen.Protocols == HttpProtocols.Http2;
            listen.Use(next => connection => always || IsHttp2(connection) ? http2.RunAsync(connection, next) : next(connection));
        }
    }

    private static bool IsHttp2(ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span) == true;
}
