using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Rest;

public sealed class RestErrorsTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private RestHost _host = null!;

    public async Task InitializeAsync() => _host = await RestHost.StartAsync(routes =>
    {
        routes.MapGet("/ok", context => context.Response.WriteAsync("fine"));
        routes.MapGet("/throws", _ => throw new InvalidOperationException("a secret"));
        routes.MapGet("/bad", _ => throw new BadHttpRequestException("odd request", StatusCodes.Status431RequestHeaderFieldsTooLarge));
        routes.MapGet("/bare", context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        routes.MapGet("/half", async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("after the start");
        });
        routes.MapGet("/overloaded", context => ErrorResponse.WriteAsync(context, InferenceFailure.Overloaded("busy \"now\"")));
        routes.MapGet("/overloaded-for", context => ErrorResponse.WriteAsync(
            context, InferenceFailure.Overloaded("busy") with { RetryAfter = TimeSpan.FromSeconds(2.1) }));
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "Not Found")]
    [InlineData("POST", "/ok", HttpStatusCode.MethodNotAllowed, "Method Not Allowed")]
    [InlineData("GET", "/bare", HttpStatusCode.Forbidden, "Forbidden")]
    [InlineData("GET", "/bad", HttpStatusCode.RequestHeaderFieldsTooLarge, "odd request")]
    [InlineData("GET", "/throws", HttpStatusCode.InternalServerError, "internal error; the server's log has the details")]
    public async Task AnyError_IsJsonWithItsText(string method, string path, HttpStatusCode status, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _host.Client.SendAsync(request).WaitAsync(Timeout);
        Assert.Equal(expected, await HttpAssert.ErrorAsync(status, response));
    }

    [Fact]
    public async Task WrongVerb_NamesTheRightOnes()
    {
        using var response = await _host.Client.PostAsync("/ok", null).WaitAsync(Timeout);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/overloaded", "1")]
    [InlineData("/overloaded-for", "3")]
    public async Task Overloaded_SaysWhenToRetry(string path, string seconds)
    {
        using var response = await _host.Client.GetAsync(path).WaitAsync(Timeout);
        Assert.StartsWith("busy", await HttpAssert.ErrorAsync(HttpStatusCode.ServiceUnavailable, response));
        Assert.Equal(seconds, response.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("/ok")]
    [InlineData("/throws")]
    [InlineData("/nowhere")]
    public async Task RequestId_ComesBackAlsoWithErrors(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Request-Id", "id-7" } } };
        using var response = await _host.Client.SendAsync(request).WaitAsync(Timeout);
        Assert.Equal("id-7", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task RequestIdThatIsNoPlainText_IsLeftOut()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ok");
        request.Headers.TryAddWithoutValidation("X-Request-Id", new string('x', 300));
        using var response = await _host.Client.SendAsync(request).WaitAsync(Timeout);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task GrpcRequests_AreNotTouched()
    {
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc+proto") } };
        using var response = await _host.Client.PostAsync("/inference.GRPCInferenceService/Nothing", content).WaitAsync(Timeout);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout));
    }

    [Fact]
    public async Task ExceptionAfterTheStart_BreaksTheConnection() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => _host.Client.GetStringAsync("/half")).WaitAsync(Timeout);

    [Fact]
    public async Task ClientGoneAfterTheStart_IsNoErrorOfTheServer()
    {
        using var logs = new LogCapture();
        await using (var host = await RestHost.StartAsync(
            routes => routes.MapGet("/endless", async context =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, context.RequestAborted);
            }),
            services => services.AddSingleton<ILoggerProvider>(logs)))
        {
            using var response = await host.Client.GetAsync("/endless", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Timeout);
        }

        Assert.Empty(logs.Unexpected);
    }
}
