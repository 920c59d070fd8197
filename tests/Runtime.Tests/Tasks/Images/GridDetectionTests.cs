using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Tasks.Images;

/// <summary>The families of YOLO, as graphs that answer always the same.</summary>
public sealed class GridDetectionTests
{
    private const int Side = 32;

    [Fact]
    public async Task Detection_ColumnsOfCells_AreSuppressedAndTakenBackToThePicture()
    {
        // Three cells see one thing of class 1, one sees one of class 0, one nothing. [1, 4 + 2, 6]
        float[] values =
        [
            16, 16.5f, 15, 8, 16, 4,
            16, 16, 16, 16, 16, 12,
            8, 8, 8, 4, 8, 4,
            8, 8, 8, 4, 8, 4,
            0.1f, 0, 0, 0.9f, 0.05f, 0,
            0.8f, 0.7f, 0.6f, 0, 0.1f, 0.5f,
        ];
        await using var folder = await StartAsync([1, 6, 6], values);

        // 64x32 becomes 32x16 in the middle of 32x32: half the size, 8 pixels down.
        var answer = await folder.AskAsync("grid", [PictureRepository.Noise(64, 32, 1).File]);

        Assert.Equal(["cat", "dog", "dog"], answer.Texts("label"));
        Close([0.9f, 0.8f, 0.5f], answer.Floats("score"));
        Close([12, 12, 20, 20, 24, 8, 40, 24, 4, 4, 12, 12], answer.Floats("box"));
        Assert.Equal([3], answer.Longs("count"));
    }

    [Fact]
    public async Task Detection_Options_AreFollowed()
    {
        float[] values =
        [
            16, 16.5f, 15, 8, 16, 4,
            16, 16, 16, 16, 16, 12,
            8, 8, 8, 4, 8, 4,
            8, 8, 8, 4, 8, 4,
            0.1f, 0, 0, 0.9f, 0.05f, 0,
            0.8f, 0.7f, 0.6f, 0, 0.1f, 0.5f,
        ];
        await using var folder = await StartAsync([1, 6, 6], values);
        byte[][] picture = [PictureRepository.Noise(Side, Side, 1).File];

        var all = await folder.AskAsync("grid", picture, new { iou_threshold = 1, threshold = 0 });
        var sure = await folder.AskAsync("grid", picture, new { threshold = 0.75 });
        var one = await folder.AskAsync("grid", picture, new { top_k = 1 });
        var none = await folder.AskAsync("grid", picture, new { threshold = 0.95 });

        Assert.Equal([6], all.Longs("count"));
        Close([0.9f, 0.8f], sure.Floats("score"));
        Close([0.9f], one.Floats("score"));
        Assert.Equal([0], none.Longs("count"));
        Assert.Equal([1, 0, 4], none.Shape("box"));
    }

    [Fact]
    public async Task Detection_RowsOfCells_MultiplyBothScores()
    {
        // [1, 3, 5 + 2]: middle, size, anything, cat, dog.
        await using var folder = await StartAsync([1, 3, 7], [8, 8, 4, 4, 0.9f, 0.5f, 1, 8, 8, 4, 4, 0.2f, 1, 1, 20, 20, 50, 8, 0.8f, 0.5f, 0.1f]);

        var answer = await folder.AskAsync("grid", [PictureRepository.Noise(Side, Side, 1).File]);

        Assert.Equal(["dog", "cat"], answer.Texts("label"));
        Close([0.9f, 0.4f], answer.Floats("score"));

        // The second box reaches beyond the picture.
        Close([6, 6, 10, 10, 0, 16, 32, 24], answer.Floats("box"));
    }

    [Fact]
    public async Task Detection_FinishedThings_AreTakenAsTheyAre()
    {
        await using var folder = await StartAsync([1, 3, 6], [1, 2, 3, 4, 0.6f, 1, 1, 2, 3, 4, 0.7f, 1, 5, 5, 6, 6, 0.1f, 0]);

        var answer = await folder.AskAsync("grid", [PictureRepository.Noise(Side, Side, 1).File]);

        Assert.Equal(["dog", "dog"], answer.Texts("label"));
        Close([1, 2, 3, 4, 1, 2, 3, 4], answer.Floats("box"));
    }

    private static async Task<TaskTestFolder> StartAsync(long[] shape, float[] values)
    {
        var folder = new TaskTestFolder();
        new OnnxGraphBuilder().Input("images", "FP32", 1, 3, Side, Side).Output("output0", "FP32", [.. shape.Select(extent => (object)(int)extent)])
            .Weight("zero", [1], 0f).Weight("values", shape, values)
            .Node("ReduceMean", ["images"], ["mean"], ("keepdims", 0L)).Node("Mul", ["mean", "zero"], ["nothing"]).Node("Add", ["values", "nothing"], ["output0"])
            .Save(Path.Combine(folder.Folder("grid"), "model.onnx"));
        folder.Describe("grid", new { id2label = new Dictionary<string, string> { ["0"] = "cat", ["1"] = "dog" } });
        await folder.StartAsync();
        return folder;
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), one => Assert.Equal(one.First, one.Second, 1e-4f));
    }
}
