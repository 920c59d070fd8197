using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Classification;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Classification;

public sealed class OutputClassifierTests
{
    [Fact]
    public void Classify_BatchWithLabels_IsARowOfClassesEach()
    {
        var output = Classify(Floats([2, 3], 0.1f, 0.7f, 0.2f, 3, 1, 3), new OutputDetails(0, ["cat", "", "dog"]), 2);
        Assert.Equal((ElementType.Bytes, "[2,2]"), (output.Type, output.Shape.ToString()));
        Assert.Equal(["0.700000:1", "0.200000:2:dog", "3.000000:0:cat", "3.000000:2:dog"], Strings(output));
    }

    [Fact]
    public void Classify_WithoutBatch_IsOneRowOverAllAxes()
    {
        var output = Classify(Floats([2, 2], 1, 4, 3, 2), OutputDetails.Unknown, 9);
        Assert.Equal("[4]", output.Shape.ToString());
        Assert.Equal(["4.000000:1", "3.000000:2", "2.000000:3", "1.000000:0"], Strings(output));
    }

    [Theory]
    [InlineData(new long[] { 2, 2, 2 }, "[2,3]")]
    [InlineData(new long[] { 0, 5 }, "[0,3]")]
    [InlineData(new long[] { 3, 0 }, "[3,0]")]
    [InlineData(new long[] { 2 }, "[2,1]")]
    [InlineData(new long[0], "[1]")]
    public void Classify_Shapes_AreTheBatchAndTheClasses(long[] shape, string expected)
    {
        var values = new float[shape.Aggregate(1L, (product, axis) => product * axis)];
        Assert.Equal(expected, Classify(Floats(shape, values), new OutputDetails(0, []), 3).Shape.ToString());
    }

    [Theory]
    [InlineData(ElementType.Bool)]
    [InlineData(ElementType.Bytes)]
    [InlineData(ElementType.BFloat16)]
    public void Classify_TypeWithoutOrder_IsRefused(ElementType type) => Assert.Equal(
        $"class result not available for output 'y' due to unsupported type '{type.Name()}'",
        OutputClassifier.Classify(new OutputTensor("y", type, new TensorShape(0), default), OutputDetails.Unknown, 1).Failure?.Message);

    [Fact]
    public void Classify_BatchOnAnInnerAxis_IsRefused() => Assert.Contains(
        "its batch axis is axis 1", OutputClassifier.Classify(Floats([1, 1], 1), new OutputDetails(1, []), 1).Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public void Classify_MoreClassesThanTheMost_IsRefused() => Assert.Contains(
        "ask for fewer", OutputClassifier.Classify(Floats([1100, 1000], new float[1_100_000]), new OutputDetails(0, []), 1000).Failure!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.UInt16)]
    [InlineData(ElementType.UInt32)]
    [InlineData(ElementType.UInt64)]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.Int16)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Classify_RandomRows_AreThoseOfANaiveSort(ElementType type)
    {
        var random = new Random((int)type);
        for (var round = 0; round < 30; round++)
        {
            var (rows, classes, count) = (random.Next(1, 4), random.Next(1, 30), random.Next(1, 35));
            var sample = SampleTensor.Create(type, random, rows, classes);
            var output = Classify(new OutputTensor("y", type, new TensorShape(rows, classes), sample.Bytes), new OutputDetails(0, []), count);

            // The sample's texts of integers are exact decimals; those of floats are parsed back without loss.
            var values = sample.Elements.Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var exact = type is ElementType.UInt64 or ElementType.Int64
                ? sample.Elements.Select(text => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray()
                : values.Select(value => (decimal)value).ToArray();
            var expected = Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, classes)
                .OrderByDescending(i => exact[(row * classes) + i]).ThenByDescending(i => values[(row * classes) + i]).ThenBy(i => i).Take(count));
            Assert.Equal(expected, Strings(output).Select(text => int.Parse(text.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    private static OutputTensor Classify(in OutputTensor output, OutputDetails details, int count)
    {
        Assert.True(OutputClassifier.Classify(output, details, count).TryGetValue(out var classes, out var failure), failure?.Message);
        return classes;
    }

    private static OutputTensor Floats(long[] shape, params float[] values) =>
        new("y", ElementType.Float32, new TensorShape(shape), MemoryMarshal.AsBytes<float>(values).ToArray());

    private static List<string> Strings(OutputTensor output)
    {
        var texts = new List<string>();
        for (var data = output.Data.Span; !data.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data);
            texts.Add(Encoding.UTF8.GetString(data.Slice(4, length)));
            data = data[(4 + length)..];
        }

        return texts;
    }
}
