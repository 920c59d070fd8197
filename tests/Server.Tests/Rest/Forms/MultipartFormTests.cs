using System.Text;
using Serving.Server.Rest.Forms;

namespace Serving.Server.Tests.Rest.Forms;

public sealed class MultipartFormTests
{
    private const string Type = "multipart/form-data; boundary=b";
    private const string Head = "Content-Disposition: form-data; name=";

    [Theory]
    [InlineData("--b\r\n" + Head + "\"a\"\r\n\r\n1\r\n--b--\r\n", "a=1")]
    [InlineData("--b\r\n" + Head + "a\r\n\r\n\r\n--b--", "a=")]
    [InlineData("before\r\n--b \t\r\nX: y\r\ncontent-disposition:form-data;name=\"a b\"; filename=\"f.wav\"\r\n\r\n1\r\n2\r\n-\r\n--b--after", "a b=1\r\n2\r\n-")]
    [InlineData("--b\r\n" + Head + "a\r\n\r\n1\r\n--b\r\n" + Head + "a\r\n\r\n2\r\n--b--", "a=1 a=2")]
    [InlineData("--b--", "")]
    public void Read_Form_GivesItsParts(string body, string expected)
    {
        Assert.True(MultipartForm.Read(Type, Encoding.UTF8.GetBytes(body)).TryGetValue(out var parts, out var failure), failure?.Message);

        Assert.Equal(expected, string.Join(' ', parts.Select(part => $"{part.Name}={part.Text}")));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=\"b c\"", "--b c\r\n" + Head + "a\r\n\r\n1\r\n--b c--", null)]
    [InlineData(null, "", "the body must be a form, multipart/form-data; its Content-Type is ''")]
    [InlineData("audio/wav", "RIFF", "the body must be a form, multipart/form-data; its Content-Type is 'audio/wav'")]
    [InlineData("multipart/form-data", "", "the form's Content-Type has a boundary of 0 characters, expected 1 to 70")]
    [InlineData(Type, "", "the form ends without its last boundary")]
    [InlineData(Type, "--b\r\n" + Head + "a\r\n\r\n1", "the form ends without its last boundary")]
    [InlineData(Type, "--b\r\n" + Head + "a\r\n\r\n1\r\n--b", "the form has a boundary that does not end its line")]
    [InlineData(Type, "--bc\r\n", "the form has a boundary that does not end its line")]
    [InlineData(Type, "--b\r\n" + Head + "a\r\n--b--", "part 0 of the form has no headers that end within 4096 bytes")]
    [InlineData(Type, "--b\r\n\r\n1\r\n--b--", "part 0 of the form has no name in a 'Content-Disposition: form-data; name=\"...\"'")]
    public void Read_OtherBody_SaysWhatIsWrong(string? type, string body, string? expected)
    {
        MultipartForm.Read(type, Encoding.UTF8.GetBytes(body)).TryGetValue(out _, out var failure);

        Assert.Equal(expected, failure?.Message);
    }

    [Fact]
    public void Read_TooMuch_IsRefused()
    {
        var many = string.Concat(Enumerable.Repeat($"--b\r\n{Head}a\r\n\r\n1\r\n", 65)) + "--b--";
        var longHead = $"--b\r\nX: {new string('x', 4096)}\r\n{Head}a\r\n\r\n1\r\n--b--";

        Assert.Equal("the form has more than 64 parts", Message(Type, many));
        Assert.Equal("part 0 of the form has no headers that end within 4096 bytes", Message(Type, longHead));
        Assert.Equal("the form's Content-Type has a boundary of 71 characters, expected 1 to 70", Message($"multipart/form-data; boundary={new string('b', 71)}", ""));
    }

    /// <summary>Whatever is cut or changed: parts or a reason, and the same bytes as were sent where nothing was.</summary>
    [Fact]
    public void Read_DamagedForms_NeverThrow()
    {
        var random = new Random(7);
        var form = Encoding.UTF8.GetBytes($"--b\r\n{Head}\"file\"; filename=\"x\"\r\n\r\n\0\r\n--\r\n--a\r\n--b\r\n{Head}model\r\n\r\nspeech\r\n--b--\r\n");
        Assert.True(MultipartForm.Read(Type, form).TryGetValue(out var whole, out _));
        Assert.Equal(["\0\r\n--\r\n--a", "speech"], whole.Select(part => part.Text));
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = form[..random.Next(form.Length + 1)];
            for (var i = random.Next(4); i > 0 && damaged.Length > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "\r\n-b:;=\""[random.Next(8)]);
            }

            Assert.Equal(MultipartForm.Read(Type, damaged).TryGetValue(out _, out var failure), failure is null);
        }
    }

    private static string? Message(string type, string body)
    {
        MultipartForm.Read(type, Encoding.UTF8.GetBytes(body)).TryGetValue(out _, out var failure);
        return failure?.Message;
    }
}
