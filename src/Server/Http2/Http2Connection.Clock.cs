using System.Buffers.Binary;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Http2;

/// <summary>What time does to the connection: a second is as fine as it gets.</summary>
internal sealed partial class Http2Connection
{
    /// <summary>A request that is only handed over as a whole, and is not, is handed over after all: its deadline is the application's.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly long _begun = Environment.TickCount64;
    private long _heard = Environment.TickCount64;
    private long _pinged;
    private long _idle;
    private bool _hasEnded;

    private static bool IsOver(long since, TimeSpan patience, long now) => since != 0 && now - since > patience.TotalMilliseconds;

    /// <summary>Called about once a second.</summary>
    private void Beat()
    {
        var now = Environment.TickCount64;
        lock (Output.Gate)
        {
            if (_hasEnded)
            {
                return;
            }

            if (IsTooSlow(now) is { } late)
            {
                Context.Abort(new Microsoft.AspNetCore.Connections.ConnectionAbortedException(late));
                return;
            }

            foreach (var stream in _streams.Values.ToArray())
            {
                Check(stream, now);
            }

            CheckIdle(now);
            Output.SendSoon();
        }
    }

    /// <summary>What the client has not done in time; null where it is not late.</summary>
    private string? IsTooSlow(long now)
    {
        if ((!_reader.HasBegun && IsOver(_begun, ConnectionLimits.HeadersPatience, now)) || IsOver(Volatile.Read(ref _blockSince), ConnectionLimits.HeadersPatience, now))
        {
            return "the preface, or a request's header fields, took too long";
        }

        if (IsOver(Output.BehindSince, Limits.Patience, now))
        {
            return "the client does not take what is sent";
        }

        return IsOver(_pinged, ConnectionLimits.PingPatience, now) && Volatile.Read(ref _heard) < _pinged ? "the client does not answer a ping" : null;
    }

    private void Check(Http2Stream stream, long now)
    {
        if (stream.IsReset)
        {
            return;
        }

        if (!stream.IsDispatched && IsOver(stream.Begun, Gathering, now))
        {
            stream.Dispatch();
        }

        // What the server has not consumed the client cannot send.
        var mustSend = !stream.IsRequestEnded && !stream.MayBeSlow && !stream.IsComplete && stream.Body.Held == 0;
        var mustTake = stream.IsComplete && stream.BlockedSince != 0;
        if ((mustSend && IsOver(stream.Heard, Limits.Patience, now)) || (mustTake && IsOver(stream.BlockedSince, Limits.Patience, now)))
        {
            Output.WriteReset(stream.Id, Http2Error.Cancel);
            stream.Reset(new IOException("the client took too long"));
        }
    }

    private void CheckIdle(long now)
    {
        if (_live > 0)
        {
            _idle = 0;
        }
        else if (_idle == 0)
        {
            _idle = now;
        }
        else if (IsOver(_idle, Limits.KeepAlive, now) && !_isClosing)
        {
            Close();
            return;
        }

        if (IsOver(Math.Max(Volatile.Read(ref _heard), _pinged), ConnectionLimits.PingDelay, now))
        {
            _pinged = now;
            Span<byte> payload = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteInt64BigEndian(payload, now);
            Output.WriteFrame(FrameType.Ping, FrameFlags.None, 0, payload);
        }
    }
}
