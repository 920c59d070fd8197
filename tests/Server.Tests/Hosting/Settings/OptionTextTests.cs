using Microsoft.Extensions.Logging;
using Serving.Runtime.Models;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class OptionTextTests
{
    [Theory]
    [InlineData(typeof(int), "8000", 8000)]
    [InlineData(typeof(long), "268435456", 268435456L)]
    [InlineData(typeof(bool), "True", true)]
    [InlineData(typeof(string), "a b", "a b")]
    [InlineData(typeof(ModelControlMode), "explicit", ModelControlMode.Explicit)]
    [InlineData(typeof(LogLevel), "Warning", LogLevel.Warning)]
    public void TryParse_ValueOfType_IsRead(Type type, string text, object expected)
    {
        Assert.True(OptionText.TryParse(type, text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(typeof(int), "1e3")]
    [InlineData(typeof(int), "99999999999")]
    [InlineData(typeof(bool), "yes")]
    [InlineData(typeof(ModelControlMode), "1")]
    [InlineData(typeof(ModelControlMode), "poll,none")]
    public void TryParse_Other_IsRefused(Type type, string text) => Assert.False(OptionText.TryParse(type, text, out _));

    [Fact]
    public void Expected_Enum_ListsItsNames() => Assert.Equal("one of poll, explicit, none", OptionText.Expected(typeof(ModelControlMode)));

    [Fact]
    public void EveryDefault_Format_IsReadBack()
    {
        foreach (var definition in OptionTable.All.Where(definition => definition is { IsList: false, Default.Length: > 0 }))
        {
            Assert.True(OptionText.TryParse(definition.ValueType, definition.Default, out var value), definition.Name);
            Assert.Equal(definition.Default, OptionText.Format(value));
        }
    }
}
