using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2.Generate;

namespace Serving.Server.Tests.Rest.V2.Generate;

public class GenerateShapeTests
{
    [Theory]
    [InlineData("", 1, "[]")]
    [InlineData("", 2, null)]
    [InlineData("-1", 1, "[1]")]
    [InlineData("-1", 0, "[0]")]
    [InlineData("-1,1", 1, "[1,1]")]
    [InlineData("-1,-1", 1, "[1,1]")]
    [InlineData("-1,-1", 5, "[1,5]")]
    [InlineData("-1,3", 6, "[2,3]")]
    [InlineData("-1,3", 4, null)]
    [InlineData("-1,3,-1", 6, "[1,3,2]")]
    [InlineData("2,3", 6, "[2,3]")]
    [InlineData("2,3", 12, null)]
    [InlineData("3", 0, null)]
    [InlineData("-1,0", 0, "[1,0]")]
    [InlineData("-1,0", 1, null)]
    public void Fit_ShapeAndCount_FillsFixedAxesThenTheInnermostThatVaries(string shape, long count, string? expected)
    {
        var axes = shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();

        var fitted = GenerateShape.Fit(new TensorSignature("x", ElementType.Float32, new TensorShape(axes), []), count);

        Assert.Equal(expected, fitted?.ToString());
    }

    [Fact]
    public void Fit_NoRankDeclared_IsFlat() => Assert.Equal(
        "[7]", GenerateShape.Fit(new TensorSignature("x", ElementType.Float32, new TensorShape(), []) { HasRank = false }, 7)?.ToString());

    [Fact]
    public void Fit_AnyShape_HoldsAsManyElementsAsThereAre()
    {
        var random = new Random(5);
        var fitted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var axes = Enumerable.Range(0, random.Next(5)).Select(_ => (long)random.Next(-1, 5)).ToArray();
            var count = random.Next(0, 40);
            if (GenerateShape.Fit(new TensorSignature("x", ElementType.Float32, new TensorShape([.. axes]), []), count) is not { } shape)
            {
                continue;
            }

            fitted++;
            Assert.True(shape.TryCountElements(out var elements));
            Assert.Equal(count, elements);
            Assert.All(axes.Zip(shape.ToArray()), pair => Assert.True(pair.First < 0 || pair.First == pair.Second));
        }

        Assert.InRange(fitted, 1000, 20_000);
    }
}
