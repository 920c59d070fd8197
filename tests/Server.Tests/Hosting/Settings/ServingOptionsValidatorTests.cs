using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class ServingOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.Empty(ServingOptionsValidator.Validate(new ServingOptions()));

    [Fact]
    public void Validate_ManyMistakes_ReportsAllAtOnce()
    {
        var options = new ServingOptions
        {
            HttpPort = 70000,
            DrainTimeout = TimeSpan.FromHours(2),
            Host = "example.org",
            OtlpEndpoint = "localhost:4317",
            Repository = { "/no/such/folder" },
            Providers = { "gpu" },
        };

        var errors = ServingOptionsValidator.Validate(options);

        Assert.Equal(6, errors.Count);
        Assert.Contains("--http-port (Serving__HttpPort): 70000 is out of range; allowed is 0 to 65535.", errors);
        Assert.Contains("--drain-timeout (Serving__DrainTimeout): 2h is out of range; allowed is 0s to 1h.", errors);
        Assert.Contains(errors, error => error.StartsWith("--host (Serving__Host): 'example.org'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("--otlp-endpoint (Serving__OtlpEndpoint): 'localhost:4317'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("--repository (Serving__Repository): '/no/such/folder' does not exist", StringComparison.Ordinal));
        Assert.Contains("--providers (Serving__Providers): 'gpu' is not one of tensorrt, cuda, directml, cpu.", errors);
    }

    [Fact]
    public void Validate_SamePortTwice_IsAnErrorThatNamesBoth()
    {
        var error = Assert.Single(ServingOptionsValidator.Validate(new ServingOptions { GrpcPort = 8000 }));

        Assert.StartsWith("--http-port (Serving__HttpPort) and --grpc-port (Serving__GrpcPort) are both 8000", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SamePortTwiceBehindOnePort_IsAllowed() =>
        Assert.Empty(ServingOptionsValidator.Validate(new ServingOptions { Port = 9000, GrpcPort = 8000 }));

    [Fact]
    public void Validate_AllPortsFree_IsAllowed() =>
        Assert.Empty(ServingOptionsValidator.Validate(new ServingOptions { HttpPort = 0, GrpcPort = 0, MetricsPort = 0 }));

    [Fact]
    public void Validate_FileAsRepository_SaysThatAFolderIsExpected()
    {
        var file = typeof(ServingOptions).Assembly.Location;

        var error = Assert.Single(ServingOptionsValidator.Validate(new ServingOptions { Repository = { file } }));

        Assert.Contains("is a file; a folder is expected", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_RepositoryGivenTwice_IsAnError()
    {
        var folder = AppContext.BaseDirectory.TrimEnd('/');

        var error = Assert.Single(ServingOptionsValidator.Validate(new ServingOptions { Repository = { folder, folder + "/" } }));

        Assert.EndsWith("is given 2 times.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void Validate_Host_AcceptsAddresses(string host) => Assert.Empty(ServingOptionsValidator.Validate(new ServingOptions { Host = host }));
}
