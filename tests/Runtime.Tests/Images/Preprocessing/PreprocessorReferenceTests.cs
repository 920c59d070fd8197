using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Reading;
using Serving.Runtime.Tensors;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Images.Preprocessing;

/// <summary>Plans read from descriptions against tensors made step by step with Pillow and numpy: References/make_prepare.py.</summary>
public sealed class PreprocessorReferenceTests
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Arrays =
        Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "prepare.npz"));

    public static TheoryData<string> Cases => [.. Arrays.Keys.Where(key => key.StartsWith("tensor|", StringComparison.Ordinal)).Select(key => key[7..])];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prepare_EveryProcessor_EqualsItsSteps(string name)
    {
        var (expected, picture, plan) = Case(name, new ImageInput(ElementType.Float32, 3, ChannelsLast: false, null, null));
        using (picture)
        {
            Assert.True(plan.Prepare(picture, ImageLimits.Default).TryGetValue(out var prepared, out var failure), failure?.Message);
            using (prepared)
            {
                Assert.Equal(new TensorShape([1, .. expected.Shape]), prepared.Shape);
                Assert.True(plan.FixedSize is not { } size || size == prepared.Size);
                var tensor = new byte[prepared.ByteCount];
                prepared.WriteTo(tensor);
                AssertClose(MemoryMarshal.Cast<byte, float>(expected.Data), MemoryMarshal.Cast<byte, float>(tensor));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prepare_ChannelsLastAndHalves_AreTheSameValues(string name)
    {
        var (expected, picture, plan) = Case(name, new ImageInput(ElementType.Float16, 3, ChannelsLast: true, null, null));
        using (picture)
        {
            Assert.True(plan.Prepare(picture, ImageLimits.Default).TryGetValue(out var prepared, out _));
            using (prepared)
            {
                var tensor = new byte[prepared.ByteCount];
                prepared.WriteTo(tensor);
                var halves = MemoryMarshal.Cast<byte, Half>(tensor);
                var values = MemoryMarshal.Cast<byte, float>(expected.Data);
                var pixels = values.Length / 3;
                for (var i = 0; i < pixels; i++)
                {
                    for (var channel = 0; channel < 3; channel++)
                    {
                        Assert.Equal(values[(channel * pixels) + i], (float)halves[(i * 3) + channel], Math.Max(Math.Abs(values[(channel * pixels) + i]) / 1024, 1e-4f));
                    }
                }
            }
        }
    }

    private static (NpyArray Expected, Raster Picture, ImagePreprocessor Plan) Case(string name, ImageInput input)
    {
        var parts = name.Split('|');
        var pixels = Arrays[$"picture|{parts[1]}"];
        var raster = new Raster((int)pixels.Shape[1], (int)pixels.Shape[0], 3);
        pixels.Data.CopyTo(raster.Pixels);
        var config = JsonSerializer.Deserialize<JsonElement>(Arrays[$"config|{parts[0]}"].Data);
        var plan = TimmReader.Read(config, "config.json", input) ?? PreprocessorReader.Read(config, "preprocessor_config.json", input);
        return (Arrays[$"tensor|{name}"], raster, plan);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
