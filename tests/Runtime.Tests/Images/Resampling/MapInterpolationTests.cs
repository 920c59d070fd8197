using System.Globalization;
using System.Runtime.InteropServices;
using Serving.Runtime.Images.Resampling;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Images.Resampling;

public sealed class MapInterpolationTests
{
    /// <summary>Maps and what PyTorch 1.13 interpolates them to, as References/make_maps.py wrote them.</summary>
    private static readonly IReadOnlyDictionary<string, NpyArray> Arrays =
        Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "maps.npz"));

    public static TheoryData<string> Cases => [.. Arrays.Keys.Where(key => key.Contains('|', StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_EveryMode_EqualsPyTorch(string name)
    {
        var parts = name.Split('|');
        var (size, newSize) = (Size(parts[0]), Size(parts[2]));
        var to = new float[newSize.Height * newSize.Width];

        MapInterpolation.Resize(MemoryMarshal.Cast<byte, float>(Arrays[parts[0]].Data), size, to, newSize, Enum.Parse<InterpolationMode>(parts[1], ignoreCase: true));

        // PyTorch fuses multiplications with additions where the machine can. The values are of the order of 10.
        var expected = MemoryMarshal.Cast<byte, float>(Arrays[name].Data);
        for (var i = 0; i < to.Length; i++)
        {
            Assert.Equal(expected[i], to[i], 1e-4f);
        }
    }

    [Fact]
    public void Resize_WrongLength_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MapInterpolation.Resize(new float[5], (2, 3), new float[4], (2, 2), InterpolationMode.Bilinear));

    private static (int Height, int Width) Size(string text)
    {
        var numbers = text.Split('x');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }
}
