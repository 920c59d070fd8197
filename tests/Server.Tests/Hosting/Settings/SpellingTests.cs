using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class SpellingTests
{
    private static readonly string[] Names = ["--http-port", "--grpc-port", "--port", "--host"];

    [Theory]
    [InlineData("--http-prot", "--http-port")]
    [InlineData("--HTTP-PORT", "--http-port")]
    [InlineData("--grcp-port", "--grpc-port")]
    [InlineData("--hosts", "--host")]
    [InlineData("--repositories-of-models", null)]
    public void Nearest_MistypedName_IsFoundWhereItIsNear(string typed, string? expected) => Assert.Equal(expected, Spelling.Nearest(typed, Names));
}
