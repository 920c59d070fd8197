using System.Net;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Auth;

public sealed class ManagementGateTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void Check_ByDefault_AdmitsThisMachine(string address, bool admitted) =>
        Assert.Equal(admitted, Check(new ServingOptions(), address) is null);

    [Fact]
    public void Check_Opened_AdmitsEverybody() => Assert.Null(Check(new ServingOptions { AllowManagement = true }, "10.0.0.1"));

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer secret", true)]
    [InlineData("Bearer secre", false)]
    [InlineData("Bearer secrets", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("", false)]
    public void Check_Key_AdmitsWhoShowsIt(string header, bool admitted) =>
        Assert.Equal(admitted, Check(new ServingOptions { ManagementKey = "secret" }, "10.0.0.1", header) is null);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Check_NoKeySet_AdmitsNoKey(string? key) =>
        Assert.NotNull(Check(new ServingOptions { ManagementKey = key }, "10.0.0.1", "Bearer "));

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    public void Check_ProxiedToLoopback_IsNotThisMachine(string header)
    {
        var context = Context("127.0.0.1");
        context.Request.Headers[header] = "10.0.0.1";

        Assert.NotNull(Gate(new ServingOptions()).Check(context));
    }

    [Fact]
    public void Check_Refused_SaysHowToOpen()
    {
        var failure = Check(new ServingOptions(), "10.0.0.1");

        Assert.Equal(InferenceError.Forbidden, failure?.Error);
        Assert.Contains("--allow-management", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("--management-key", failure?.Message, StringComparison.Ordinal);
    }

    private static InferenceFailure? Check(ServingOptions options, string address, string? authorization = null)
    {
        var context = Context(address);
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        return Gate(options).Check(context);
    }

    private static ManagementGate Gate(ServingOptions options) => new(Microsoft.Extensions.Options.Options.Create(options));

    private static DefaultHttpContext Context(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
