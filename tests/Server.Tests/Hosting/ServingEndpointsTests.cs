using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Hosting;

public sealed class ServingEndpointsTests
{
    [Fact]
    public async Task MapServing_WithoutAddServing_SaysWhatIsMissing()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        await using var app = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapServing());

        Assert.Contains("services.AddServing()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddServing_Twice_RegistersOneOfEach()
    {
        var services = new ServiceCollection().AddServing().AddServing();

        Assert.Single(services, service => service.ServiceType == typeof(Listeners));
        Assert.Single(services, service => service.ServiceType == typeof(DrainLifetime));
    }
}
