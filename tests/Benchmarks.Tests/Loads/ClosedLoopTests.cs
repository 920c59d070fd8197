using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;

namespace Serving.Benchmarks.Tests.Loads;

public sealed class ClosedLoopTests
{
    private const string GrpcPath = "/package.Service/Method";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OneByOne_SeveralRequests_ArriveWholeWithTheirHeaders()
    {
        // Longer than a frame, than the first window, and than what is received at once.
        var message = new byte[300_000];
        new Random(1).NextBytes(message);
        var seen = new ConcurrentQueue<(string Headers, bool Same)>();
        await using var server = await StubServer.StartAsync(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = context.Request;
            seen.Enqueue(($"{request.Method} {request.Path} {request.ContentType} {request.Headers.TE}", body.ToArray().AsSpan().SequenceEqual(message)));
            await context.Response.Body.WriteAsync(message);
        });

        var count = await Task.Run(() =>
        {
            using var connection = new Http2Connection(server.Address, GrpcPath);
            return ClosedLoop.OneByOne(connection, message, 3).Count;
        }).WaitAsync(Patience);

        Assert.Equal(3, count);
        Assert.Equal(Enumerable.Repeat(($"POST {GrpcPath} application/grpc trailers", true), 3), seen);
    }

    [Fact]
    public async Task Run_RequestsOfTwoKinds_KeepsTheirNumberInFlight()
    {
        var (now, most) = (0, 0);
        await using var server = await StubServer.StartAsync(async context =>
        {
            var mine = Interlocked.Increment(ref now);
            most = Math.Max(most, mine);

            // All of it: Kestrel resets the stream of a request that is answered before it has come to its end.
            await context.Request.Body.CopyToAsync(Stream.Null);
            Interlocked.Decrement(ref now);
            await context.Response.WriteAsync("answer");
        });

        var result = await Task.Run(() =>
            ClosedLoop.Run(server.Address, [new TokenRequest([1], 3), new TokenRequest([2], 5)], inFlight: 4, seconds: 0.2)).WaitAsync(Patience);

        Assert.InRange(most, 1, 4);
        Assert.True(result.Latencies.Count > 0);
        Assert.True(result.TokensPerSecond > 0);
    }

    [Fact]
    public async Task OneByOne_AnAnswerWithoutAMessage_IsAFailure()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Response.Headers["grpc-status"] = "14";
            return Task.CompletedTask;
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() =>
        {
            using var connection = new Http2Connection(server.Address, GrpcPath);
            ClosedLoop.OneByOne(connection, [1], 1);
        }).WaitAsync(Patience));
    }
}
