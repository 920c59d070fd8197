using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Responses;

namespace Serving.Server.Tests.Rest.V1.Responses;

public sealed class ScoresOutputTests
{
    private static readonly TensorSignature Vector = Sample.Tensor("vector", ElementType.Float32, -1);
    private static readonly TensorSignature Matrix = Sample.Tensor("matrix", ElementType.Float16, -1, 5);
    private static readonly TensorSignature Labels = Sample.Tensor("classes", ElementType.Bytes, -1, 5);

    [Fact]
    public void ForClasses_OneMatrix_IsTaken()
    {
        Assert.True(ScoresOutput.ForClasses(Sample.With([], Vector, Matrix)).TryGetValue(out var output, out _));
        Assert.Equal(("matrix", null), output);
    }

    [Fact]
    public void ForClasses_SeveralMatrices_ScoresIsTakenWithItsLabels()
    {
        Assert.True(ScoresOutput.ForClasses(Sample.With([], Matrix, Matrix with { Name = "scores" }, Labels)).TryGetValue(out var output, out _));
        Assert.Equal(("scores", "classes"), output);
    }

    [Fact]
    public void ForClasses_NoneOrSeveral_SaysWhich()
    {
        Assert.Contains("matrix, other could be, and none is called scores", ScoresOutput.ForClasses(Sample.With([], Matrix, Matrix with { Name = "other" })).Failure!.Message);
        Assert.Contains("none has floating-point numbers", ScoresOutput.ForClasses(Sample.With([], Vector, Labels)).Failure!.Message);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(-1, -1)]
    [InlineData(-1)]
    public void ForValues_OneNumberARow_IsTaken(params int[] shape)
    {
        var value = Sample.Tensor("v", ElementType.Float64, [.. shape.Select(d => (long)d)]);
        Assert.True(ScoresOutput.ForValues(Sample.With([], Matrix, value)).TryGetValue(out var output, out _));
        Assert.Equal("v", output);
        Assert.Contains(":regress cannot tell", ScoresOutput.ForValues(Sample.With([], Matrix)).Failure!.Message);
    }
}
