using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Serving.Server.Hosting;

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 with prior knowledge share a port without TLS. Kestrel decides by what TLS negotiated, so a
/// connection that begins with the preface of HTTP/2 says that TLS negotiated "h2".
/// </summary>
internal static class CleartextHttp2
{
    /// <summary>A client of HTTP/2 sends the preface at once; who has sent nothing by then speaks HTTP/1.1. Arbitrary.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (await BeginsWithPrefaceAsync(connection))
            {
                var negotiated = new Negotiated();
                connection.Features.Set<ITlsConnectionFeature>(negotiated);
                connection.Features.Set<ITlsApplicationProtocolFeature>(negotiated);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client went away before it said anything; nobody is left to answer.
            return;
        }

        await next(connection);
    }

    /// <summary>Looks at as few bytes as tell, and consumes none. Gives up where the server stops or the client is silent.</summary>
    private static async ValueTask<bool> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var patience = new CancellationTokenSource(Patience);
        using var silent = patience.Token.Register(static input => ((PipeReader)input!).CancelPendingRead(), input);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var stopped = stopping.Register(static input => ((PipeReader)input!).CancelPendingRead(), input);
        while (true)
        {
            var result = await input.ReadAsync(connection.ConnectionClosed);
            var (decided, matches) = Compare(result.Buffer);
            if (decided || result.IsCompleted || result.IsCanceled)
            {
                input.AdvanceTo(result.Buffer.Start);
                return matches;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static (bool Decided, bool Matches) Compare(ReadOnlySequence<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> head = stackalloc byte[length];
        buffer.Slice(0, length).CopyTo(head);
        var same = head.SequenceEqual(Preface[..length]);
        return (!same || length == Preface.Length, same && length == Preface.Length);
    }

    private sealed class Negotiated : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        private static readonly byte[] Http2 = SslApplicationProtocol.Http2.Protocol.ToArray();

        public ReadOnlyMemory<byte> ApplicationProtocol => Http2;

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
