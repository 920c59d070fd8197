using System.Globalization;
using System.Text.Json;
using Serving.Runtime.Tests.Tasks.Images;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tasks.Ocr;

/// <summary>Reads the pictures of tests/ocr: fonts of several kinds and sizes, pages that are tilted and upside down.</summary>
public sealed class TextRecognitionTests
{
    // What the models reach on these pictures, less a few characters.
    private const double LeastOfAPage = 0.95;
    private const double LeastOfAll = 0.98;

    private static readonly string Pictures = Path.Combine(SourceTree.Root, "tests", "ocr");

    [Fact]
    public async Task Ask_PicturesOfEveryKind_AreReadNearlyWithoutMistakes()
    {
        var texts = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(Pictures, "texts.json")))!;
        await using var folder = new TaskTestFolder();
        await OcrModels.LayAsync(folder);
        await folder.StartAsync();

        var answer = await folder.AskAsync("ocr", [.. texts.Keys.Select(name => File.ReadAllBytes(Path.Combine(Pictures, $"{name}.png")))]);

        var width = (int)answer.Shape("text")[1];
        var pages = texts.Select((page, row) => Compare(page.Key, answer.Texts("text")[(row * width)..((row + 1) * width)], page.Value)).ToArray();
        var report = string.Join('\n', pages.Select(page => page.Report));
        Assert.All(pages, page => Assert.True(page.Right >= LeastOfAPage, report));
        Assert.True(pages.Sum(page => page.Right * page.Letters) >= LeastOfAll * pages.Sum(page => page.Letters), report);
        Assert.All(answer.Longs("count"), count => Assert.InRange(count, 2, width));
        Assert.Equal([texts.Count, width, 8], answer.Shape("box"));
    }

    [Fact]
    public async Task Ask_Boxes_LieAroundTheirLines()
    {
        await using var folder = new TaskTestFolder();
        await OcrModels.LayAsync(folder);
        await folder.StartAsync();

        var answer = await folder.AskAsync("ocr", [File.ReadAllBytes(Path.Combine(Pictures, "bold.png")), File.ReadAllBytes(Path.Combine(Pictures, "upside-down.png"))]);

        // make.py draws lines from 40 pixels on, 1.7 times the font's size apart.
        var box = answer.Floats("box")[..8];
        Assert.Equal("PLATFORM9", Letters(answer.Texts("text")[..1]));
        Assert.InRange(box[0], 30, 45);
        Assert.InRange(box[1], 20, 40);
        Assert.InRange(box[5], 60, 85);
        Assert.True(box[2] > box[0] && box[7] > box[1]);

        // Of a page that is upside down the corner above on the left of the text is below on the right of the picture.
        var turned = answer.Floats("box")[(8 * (int)answer.Shape("box")[1])..][..8];
        Assert.True(turned[0] > turned[2] && turned[1] > turned[7]);
    }

    [Fact]
    public async Task Ask_NothingWritten_IsNoLine()
    {
        await using var folder = new TaskTestFolder();
        await OcrModels.LayAsync(folder);
        await folder.StartAsync();
        var white = new byte[100 * 60 * 3];
        Array.Fill(white, (byte)255);

        var answer = await folder.AskAsync("ocr", [Serving.Runtime.Images.Encoding.PngWriter.Write(white, 100, 60, 3)]);

        Assert.Equal([0], answer.Longs("count"));
        Assert.Equal([1, 0], answer.Shape("text"));
    }

    /// <summary>The part of a page's characters that were read right, spaces aside, how many it has, and a line that says so.</summary>
    private static (double Right, int Letters, string Report) Compare(string name, string[] lines, string[] expected)
    {
        var (read, written) = (Letters(lines), Letters(expected));
        var right = 1 - ((double)Distance(read, written) / written.Length);
        return (right, written.Length, string.Create(CultureInfo.InvariantCulture, $"{name}: {right:P1} of {written.Length} right, read as {read}"));
    }

    private static string Letters(IEnumerable<string> lines) => string.Concat(string.Concat(lines).Where(letter => !char.IsWhiteSpace(letter)));

    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < other.Length; j++)
            {
                var value = Math.Min(Math.Min(row[j + 1], row[j]) + 1, diagonal + (one[i] == other[j] ? 0 : 1));
                (diagonal, row[j + 1]) = (row[j + 1], value);
            }
        }

        return row[^1];
    }
}
