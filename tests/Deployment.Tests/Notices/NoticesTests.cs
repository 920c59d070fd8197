using System.Text.Json;
using System.Xml.Linq;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Notices;

public sealed class NoticesTests
{
    private static readonly string Notices = Checkout.Read("THIRD-PARTY-NOTICES.md");

    [Fact]
    public void Notices_EveryNuGetPackage_IsNamed()
    {
        var packages = XDocument.Parse(Checkout.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);

        Assert.All(packages, package => Assert.Contains(package, Notices, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eng/models")]
    [InlineData("eng/onnxruntime")]
    [InlineData("eng/onnxruntime-gpu")]
    [InlineData("eng/vips")]
    [InlineData("examples/speech-activity")]
    [InlineData("tests/ocr/compare")]
    [InlineData("tests/tools")]
    public void Notices_EveryNpmPackage_IsNamed(string folder)
    {
        var manifest = JsonDocument.Parse(Checkout.Read(folder, "package.json")).RootElement;
        var kinds = manifest.EnumerateObject().Where(property => property.Name is "dependencies" or "optionalDependencies").ToList();

        Assert.NotEmpty(kinds);
        Assert.All(
            kinds.SelectMany(kind => kind.Value.EnumerateObject()),
            package => Assert.Contains($"`{package.Name}`", Notices, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eng/models")]
    [InlineData("eng/onnxruntime")]
    [InlineData("eng/onnxruntime-gpu")]
    [InlineData("eng/vips")]
    [InlineData("examples/speech-activity")]
    [InlineData("tests/ocr/compare")]
    [InlineData("tests/tools")]
    public void Lock_Always_NamesNoDownloadAddress(string folder)
    {
        Assert.DoesNotContain("\"resolved\"", Checkout.Read(folder, "package-lock.json"), StringComparison.Ordinal);
    }
}
