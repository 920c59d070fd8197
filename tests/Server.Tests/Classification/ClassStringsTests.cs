using Serving.Server.Classification;

namespace Serving.Server.Tests.Classification;

public sealed class ClassStringsTests
{
    /// <summary>The texts are C's, by way of Python's <c>'%f' % value</c>.</summary>
    [Theory]
    [InlineData(0.0, "0.000000")]
    [InlineData(-0.0, "-0.000000")]
    [InlineData(0.5, "0.500000")]
    [InlineData(0.0078125, "0.007812")]
    [InlineData(0.0234375, "0.023438")]
    [InlineData(-0.0390625, "-0.039062")]
    [InlineData(1.0078125, "1.007812")]
    [InlineData(1000000.0078125, "1000000.007812")]
    [InlineData(123456.0234375, "123456.023438")]
    [InlineData(1e-07, "0.000000")]
    [InlineData(-1e-09, "-0.000000")]
    [InlineData(0.9999995, "1.000000")]
    [InlineData(0.1, "0.100000")]
    [InlineData(0.3333333333333333, "0.333333")]
    [InlineData(3.4028234663852886e+38, "340282346638528859811704183484516925440.000000")]
    [InlineData(1e+300, "1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160.000000")]
    [InlineData(123456789.12345679, "123456789.123457")]
    [InlineData(2.5e-06, "0.000003")]
    [InlineData(5e-07, "0.000000")]
    [InlineData(1.5e-06, "0.000002")]
    [InlineData(double.NaN, "-nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Format_Double_IsCsText(double value, string expected) => Assert.Equal(expected, ClassStrings.Format(value));

    [Fact]
    public void Format_OtherTypes_AreTheirText()
    {
        Assert.Equal("0.100000", ClassStrings.Format(0.1f));
        Assert.Equal("0.333252", ClassStrings.Format((Half)(1 / 3f)));
        Assert.Equal("340282346638528859811704183484516925440.000000", ClassStrings.Format(float.MaxValue));
        Assert.Equal("-128", ClassStrings.Format(sbyte.MinValue));
        Assert.Equal("18446744073709551615", ClassStrings.Format(ulong.MaxValue));
    }
}
