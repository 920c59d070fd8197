using Serving.Benchmarks.Models;
using Serving.Runtime.Tokenization;
using Serving.TestKit.Tasks;

namespace Serving.Benchmarks.Tests.Models;

public sealed class TextsOfLengthTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-bench-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    public void Make_Length_IsReachedAndCounted(int length)
    {
        new TextModel(2).SaveSums(_folder.FullName);
        var tokenizer = Tokenizer.Load(Path.Combine(_folder.FullName, "tokenizer.json"));
        var texts = new TextsOfLength(tokenizer);

        var (first, second) = (texts.Make(length), texts.Make(length));

        // A word may end with a comma or a full stop.
        Assert.InRange(first.Tokens, length, length + 1);
        Assert.Equal(first.Tokens, tokenizer.Encode(first.Text).Ids.Length);
        Assert.NotEqual(first.Text, second.Text);
    }
}
