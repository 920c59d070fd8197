using Serving.Runtime.Graphs;

namespace Serving.Runtime.Tests.Graphs;

public sealed class OnnxGraphReaderTests
{
    /// <summary>Found by tests/Fuzz: a length that begins in one message and ends in the next was compared with what the first had left, less than nothing.</summary>
    [Theory]
    [InlineData("3A 03 0A 01 0A  FF FF FF FF 07")] // A graph, in it a node that ends behind a tag; a string of 2 GB.
    [InlineData("3A 04 0A 02 0A 80  80 80 80 7F")]
    [InlineData("3A 03 0A 01 09")] // A fixed number that begins in a node, and ends behind it.
    [InlineData("3A 03 0A 01 08  80 01")]
    [InlineData("3A 09 0A 07 2A 05 0A 04 61 78 69 73")] // An attribute's name that is longer than the attribute.
    [InlineData("3A 0B 0A 09 2A 07 0A 04 61 78 69 73 18  80 01")] // An axis that ends behind its attribute.
    public void Read_FieldReachesBeyondItsMessage_IsInvalidData(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => OnnxGraphReader.Read(new MemoryStream(bytes)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_FieldNumberBeyond32Bits_IsNotTakenForAnother()
    {
        // A tag whose lower bits are those of the graph's field.
        var bytes = Convert.FromHexString("BA80808080800100");

        var error = Assert.Throws<InvalidDataException>(() => OnnxGraphReader.Read(new MemoryStream(bytes)));

        Assert.NotEmpty(error.Message);
    }
}
