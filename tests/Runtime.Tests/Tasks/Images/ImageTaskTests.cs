using Serving.Runtime.Images;
using Serving.Runtime.Images.Decoding;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Tasks.Images;

/// <summary>Tasks over pictures, their answers worked out from what the graphs say to pixels that the tests prepare themselves.</summary>
public sealed class ImageTaskTests
{
    private const int Side = 64;

    [Fact]
    public async Task Classification_Pictures_AreScoredBestFirst()
    {
        await using var folder = new TaskTestFolder();
        SaveMeans(folder, "kinds");
        folder.Describe("kinds", new { architectures = new[] { "ViTForImageClassification" }, id2label = new Dictionary<string, string> { ["0"] = "red", ["1"] = "green", ["2"] = "blue" } }, PictureRepository.Square(8));
        await folder.StartAsync();
        var (first, second) = (PictureRepository.Noise(8, 8, 1), PictureRepository.Noise(8, 8, 2));

        var answer = await folder.AskAsync("kinds", [first.File, second.File], new { function_to_apply = "none" });

        Assert.Equal([2, 3], answer.Shape("label"));
        foreach (var (row, pixels) in ((int, byte[])[])[(0, first.Pixels), (1, second.Pixels)])
        {
            var means = PictureRepository.Normalised(pixels).Chunk(64).Select(channel => channel.Average()).ToArray();
            string[] names = ["red", "green", "blue"];
            var order = means.Select((mean, i) => (mean, i)).OrderByDescending(one => one.mean).ToArray();
            Assert.Equal(order.Select(one => names[one.i]), answer.Texts("label")[(row * 3)..((row * 3) + 3)]);
            Close([.. order.Select(one => one.mean)], answer.Floats("score")[(row * 3)..((row * 3) + 3)]);
        }
    }

    [Fact]
    public async Task Classification_TimmsConfig_IsRecognised()
    {
        await using var folder = new TaskTestFolder();
        SaveMeans(folder, "kinds");
        folder.Describe("kinds", new
        {
            architecture = "resnet", num_classes = 3, label_names = new[] { "r", "g", "b" },
            pretrained_cfg = new { input_size = new[] { 3, 8, 8 }, crop_pct = 1, mean = new[] { 0, 0, 0 }, std = new[] { 1, 1, 1 } },
        });
        await folder.StartAsync();
        var picture = PictureRepository.Noise(8, 8, 5);

        var answer = await folder.AskAsync("kinds", [picture.File], new { function_to_apply = "none", top_k = 1 });

        var means = picture.Pixels.Chunk(3).Aggregate(new double[3], (sum, pixel) => [sum[0] + pixel[0], sum[1] + pixel[1], sum[2] + pixel[2]]).Select(sum => sum / 64 / 255).ToArray();
        Assert.Equal([((string[])["r", "g", "b"])[Array.IndexOf(means, means.Max())]], answer.Texts("label"));
        Close([(float)means.Max()], answer.Floats("score"));
    }

    [Fact]
    public async Task Classification_PicturesThatCannotBeRead_AreNamedByRow()
    {
        await using var folder = new TaskTestFolder();
        SaveMeans(folder, "kinds");
        folder.Describe("kinds", new { architectures = new[] { "ViTForImageClassification" } }, PictureRepository.Square(8));
        File.WriteAllText(Path.Combine(folder.Folder("kinds"), "model.yaml"), "task: {max_pixels: 100}\n");
        await folder.StartAsync();
        var (good, large) = (PictureRepository.Noise(8, 8, 1).File, PictureRepository.Noise(11, 10, 1).File);

        Assert.Equal(
            "InvalidInput: row 1: the picture is in no format that is understood: it seems to be BMP; JPEG, PNG, WebP and GIF are understood",
            await folder.FailAsync("kinds", [good, [.. "BM  "u8]]));
        Assert.Equal("TooLarge: the PNG picture has 11x10 pixels; at most 100 are decoded, and 65535 a side", await folder.FailAsync("kinds", [large]));
        Assert.Equal("InvalidInput", (await folder.FailAsync("kinds", [good, good[..50]])).Split(':')[0]);
    }

    [Fact]
    public async Task Classification_Base64_IsReadToo()
    {
        await using var folder = new TaskTestFolder();
        SaveMeans(folder, "kinds");
        folder.Describe("kinds", new { architectures = new[] { "ViTForImageClassification" } }, PictureRepository.Square(8));
        await folder.StartAsync();
        var file = PictureRepository.Noise(8, 8, 1).File;
        var text = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(file));

        var answer = await folder.AskAsync("kinds", [file, text, [.. "data:image/png;base64,"u8, .. text]]);

        var scores = answer.Floats("score");
        Assert.Equal(scores[..3], scores[3..6]);
        Assert.Equal(scores[..3], scores[6..]);
    }

    [Fact]
    public async Task Classification_ManyPictures_KeepTheirOrder()
    {
        await using var folder = new TaskTestFolder();
        SaveMeans(folder, "kinds");
        folder.Describe("kinds", new { architectures = new[] { "ViTForImageClassification" } }, PictureRepository.Square(8));
        await folder.StartAsync();
        var pictures = Enumerable.Range(0, 150).Select(i => PictureRepository.Noise(8, 8, i)).ToArray();

        var answer = await folder.AskAsync("kinds", [.. pictures.Select(picture => picture.File)], new { function_to_apply = "none", top_k = 1 });

        Close([.. pictures.Select(picture => PictureRepository.Normalised(picture.Pixels).Chunk(64).Max(channel => channel.Average()))], answer.Floats("score"));
    }

    [Fact]
    public async Task Detection_Detr_FindsWhatTheGraphSays()
    {
        await using var folder = new TaskTestFolder();
        folder.Lay("things", "detr-object-detection", new { architectures = new[] { "DetrForObjectDetection" }, model_type = "detr", id2label = new Dictionary<string, string> { ["0"] = "cat", ["1"] = "dog" } }, PictureRepository.Square(Side));
        await folder.StartAsync();
        var picture = PictureRepository.Noise(Side, Side, 3);
        var graph = await folder.RunGraphAsync("things", "pixel_values", [1, 3, Side, Side], PictureRepository.Normalised(picture.Pixels));

        var answer = await folder.AskAsync("things", [picture.File], new { threshold = 0.2, top_k = 10 });

        var expected = graph["logits"].Values.Chunk(3).Select(Softmax).Zip(graph["pred_boxes"].Values.Chunk(4))
            .Select(one => (Class: one.First[0] >= one.First[1] ? 0 : 1, Score: Math.Max(one.First[0], one.First[1]), Box: one.Second))
            .Where(one => one.Score > 0.2).OrderByDescending(one => one.Score).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal([expected.Count], answer.Longs("count"));
        Close([.. expected.Select(one => one.Score)], answer.Floats("score"));
        Assert.All(expected.Zip(answer.Texts("label")), one => Assert.Equal(one.First.Class == 0 ? "cat" : "dog", one.Second));
        Close(
            [.. expected.SelectMany(one => (float[])[one.Box[0] - (one.Box[2] / 2), one.Box[1] - (one.Box[3] / 2), one.Box[0] + (one.Box[2] / 2), one.Box[1] + (one.Box[3] / 2)]).Select(side => Math.Clamp(side * Side, 0, Side))],
            answer.Floats("box"), 1e-3f);
    }

    [Fact]
    public async Task Segmentation_Segformer_MasksEveryPixelOnce()
    {
        await using var folder = new TaskTestFolder();
        folder.Lay("roads", "segformer-semantic-segmentation", new { architectures = new[] { "SegformerForSemanticSegmentation" } }, PictureRepository.Square(Side));
        await folder.StartAsync();
        var picture = PictureRepository.Noise(Side, Side, 4);
        var graph = await folder.RunGraphAsync("roads", "pixel_values", [1, 3, Side, Side], PictureRepository.Normalised(picture.Pixels));

        var answer = await folder.AskAsync("roads", [picture.File]);
        var runs = await folder.AskAsync("roads", [picture.File], new { masks = "rle" });

        var best = BestClasses(graph["logits"].Values, 16, Side);
        var present = best.Distinct().Order().ToList();
        Assert.Equal(present.Select(c => $"LABEL_{c}"), answer.Texts("label"));
        Assert.Equal(1, answer.Floats("share").Sum(), 1e-5f);
        var files = answer.Files("mask");
        for (var i = 0; i < files.Length; i++)
        {
            Assert.True(ImageDecoder.Decode(files[i], ImageLimits.Default).TryGetValue(out var mask, out _));
            using (mask)
            {
                var expected = Array.ConvertAll(best, c => c == present[i] ? (byte)255 : (byte)0);
                var grey = mask.Pixels.ToArray().Chunk(3).Select(pixel => pixel[0]).ToArray();

                // Scores of two classes can be equal but for rounding.
                Assert.True(expected.Zip(grey).Count(one => one.First != one.Second) <= 4);
            }
        }

        Assert.Equal(present.Count, runs.Texts("mask").Length);
        Assert.StartsWith("{\"size\":[64,64],\"counts\":[", runs.Texts("mask")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embedding_Clip_IsTheGraphsVector()
    {
        await using var folder = new TaskTestFolder();
        folder.Lay("vectors", "clip-vision-embedding", new { architectures = new[] { "CLIPVisionModelWithProjection" } }, PictureRepository.Square(Side));
        await folder.StartAsync();
        var picture = PictureRepository.Noise(Side, Side, 6);
        var graph = await folder.RunGraphAsync("vectors", "pixel_values", [1, 3, Side, Side], PictureRepository.Normalised(picture.Pixels));

        var plain = await folder.AskAsync("vectors", [picture.File]);
        var unit = await folder.AskAsync("vectors", [picture.File], new { normalize = true });

        var expected = graph["image_embeds"].Values;
        Close(expected, plain.Floats("embedding"));
        var length = MathF.Sqrt(expected.Sum(value => value * value));
        Close([.. expected.Select(value => value / length)], unit.Floats("embedding"));
    }

    [Fact]
    public async Task Depth_OfRed_IsItsPicture()
    {
        await using var folder = new TaskTestFolder();

        // The graph says that what is red is far.
        new OnnxGraphBuilder().Input("pixel_values", "FP32", "batch", 3, 8, 8).Output("predicted_depth", "FP32", "batch", 8, 8)
            .Weight("zero", [1], 0L).Node("Gather", ["pixel_values", "zero"], ["red"], ("axis", 1)).Weight("one", [1], 1L)
            .Node("Squeeze", ["red", "one"], ["predicted_depth"]).Save(Path.Combine(folder.Folder("far"), "model.onnx"));
        folder.Describe("far", new { architectures = new[] { "DPTForDepthEstimation" } }, PictureRepository.Square(8));
        await folder.StartAsync();
        var picture = PictureRepository.Noise(8, 8, 7);

        var answer = await folder.AskAsync("far", [picture.File], null, "depth", "predicted_depth");

        var red = PictureRepository.Normalised(picture.Pixels)[..64];
        Close(red, answer.Floats("predicted_depth"));
        Assert.Equal([1, 8, 8], answer.Shape("predicted_depth"));
        Assert.True(ImageDecoder.Decode(answer.Files("depth")[0], ImageLimits.Default).TryGetValue(out var grey, out _));
        using (grey)
        {
            Assert.All(red.Zip(grey.Pixels.ToArray().Chunk(3)), one => Assert.InRange(one.Second[0] - ((one.First - red.Min()) / (red.Max() - red.Min()) * 255), -1, 0.01));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ImageToImage_Tiles_AreThePictureAgain(int factor)
    {
        await using var folder = new TaskTestFolder();

        // The graph repeats each pixel.
        new OnnxGraphBuilder().Input("pixel_values", "FP32", "batch", 3, "height", "width").Output("reconstruction", "FP32", "batch", 3, "h", "w")
            .Weight("scales", [4], 1f, 1f, factor, factor).Node("Resize", ["pixel_values", "", "scales"], ["reconstruction"])
            .Save(Path.Combine(folder.Folder("larger"), "model.onnx"));
        folder.Describe("larger", new { architectures = new[] { "Swin2SRForImageSuperResolution" } }, new { image_processor_type = "Swin2SRImageProcessor", pad_size = 8 });
        await folder.StartAsync();
        var (one, other) = (PictureRepository.Noise(53, 34, 8), PictureRepository.Noise(7, 5, 9));

        var answer = await folder.AskAsync("larger", [one.File, other.File], new { tile = 16, overlap = 4 });

        foreach (var (file, width, height, pixels) in ((byte[], int, int, byte[])[])[(answer.Files("image")[0], 53, 34, one.Pixels), (answer.Files("image")[1], 7, 5, other.Pixels)])
        {
            Assert.True(ImageDecoder.Decode(file, ImageLimits.Default).TryGetValue(out var made, out _));
            using (made)
            {
                Assert.Equal((width * factor, height * factor), (made.Width, made.Height));
                for (var i = 0; i < made.Pixels.Length; i++)
                {
                    var (pixel, channel) = (i / 3, i % 3);
                    Assert.Equal(pixels[(((pixel / made.Width / factor * width) + (pixel % made.Width / factor)) * 3) + channel], made.Pixels[i]);
                }
            }
        }
    }

    [Fact]
    public async Task ImageToImage_GraphOfOneSize_GetsTilesOfIt()
    {
        await using var folder = new TaskTestFolder();
        new OnnxGraphBuilder().Input("x", "FP32", "batch", 3, 24, 24).Output("y", "FP32", "batch", 3, 24, 24).Node("Identity", ["x"], ["y"]).Save(Path.Combine(folder.Folder("same"), "model.onnx"));
        File.WriteAllText(Path.Combine(folder.Folder("same"), "model.yaml"), "task: image-to-image\n");
        await folder.StartAsync();
        var pictures = ((int, int)[])[(60, 31), (24, 24), (10, 50), (3, 3)];

        var answer = await folder.AskAsync("same", [.. pictures.Select((size, i) => PictureRepository.Noise(size.Item1, size.Item2, i).File)]);

        for (var i = 0; i < pictures.Length; i++)
        {
            Assert.True(ImageDecoder.Decode(answer.Files("image")[i], ImageLimits.Default).TryGetValue(out var made, out _));
            using (made)
            {
                Assert.Equal(PictureRepository.Noise(pictures[i].Item1, pictures[i].Item2, i).Pixels, made.Pixels);
            }
        }
    }

    [Fact]
    public async Task Segmentation_Queries_VoteForClasses()
    {
        await using var folder = new TaskTestFolder();

        // Two queries: the first, surely of class 1, is where the picture is red; the second, surely of class 0, is elsewhere.
        new OnnxGraphBuilder().Input("pixel_values", "FP32", 1, 3, 8, 8).Output("class_queries_logits", "FP32", 1, 2, 3).Output("masks_queries_logits", "FP32", 1, 2, 8, 8)
            .Weight("classes", [1, 2, 3], -9f, 9f, -9f, 9f, -9f, -9f).Node("Identity", ["classes"], ["class_queries_logits"])
            .Weight("zero", [1], 0L).Node("Gather", ["pixel_values", "zero"], ["red"], ("axis", 1))
            .Weight("gains", [1, 2, 1, 1], 20f, -20f).Node("Mul", ["red", "gains"], ["masks_queries_logits"]).Save(Path.Combine(folder.Folder("parts"), "model.onnx"));
        folder.Describe("parts", new { architectures = new[] { "Mask2FormerForUniversalSegmentation" }, id2label = new Dictionary<string, string> { ["0"] = "rest", ["1"] = "red" } }, PictureRepository.Square(8));
        await folder.StartAsync();
        var pixels = new byte[8 * 8 * 3];
        for (var i = 0; i < 64; i++)
        {
            pixels[i * 3] = (byte)(i % 8 < 3 ? 255 : 0);
        }

        var answer = await folder.AskAsync("parts", [Serving.Runtime.Images.Encoding.PngWriter.Write(pixels, 8, 8, 3)], new { masks = "rle" });

        Assert.Equal(["rest", "red"], answer.Texts("label"));
        Assert.Equal(["{\"size\":[8,8],\"counts\":[24,40]}", "{\"size\":[8,8],\"counts\":[0,24,40]}"], answer.Texts("mask"));
        Close([40 / 64f, 24 / 64f], answer.Floats("share"));
    }

    private static void SaveMeans(TaskTestFolder folder, string name) =>
        new OnnxGraphBuilder().Input("pixel_values", "FP32", "batch", 3, 8, 8).Output("logits", "FP32", "batch", 3)
            .Node("ReduceMean", ["pixel_values"], ["logits"], ("axes", new long[] { 2, 3 }), ("keepdims", 0L)).Save(Path.Combine(folder.Folder(name), "model.onnx"));

    private static float[] Softmax(float[] values) => [.. values.Select(value => (float)(Math.Exp(value) / values.Sum(other => Math.Exp(other))))];

    /// <summary>Bilinear enlargement without aligned corners, pixel by pixel.</summary>
    private static int[] BestClasses(float[] scores, int from, int to)
    {
        var classes = scores.Length / from / from;
        var best = new int[to * to];
        for (var i = 0; i < best.Length; i++)
        {
            var (y, x) = (Place(i / to), Place(i % to));
            best[i] = Enumerable.Range(0, classes).MaxBy(c => At(c, (int)y, (int)x, y - (int)y, x - (int)x));
        }

        return best;

        double Place(int position) => Math.Max(((position + 0.5) * from / to) - 0.5, 0);

        double At(int c, int y, int x, double down, double right)
        {
            double Score(int row, int column) => scores[(((c * from) + Math.Min(row, from - 1)) * from) + Math.Min(column, from - 1)];
            return ((1 - down) * (((1 - right) * Score(y, x)) + (right * Score(y, x + 1)))) + (down * (((1 - right) * Score(y + 1, x)) + (right * Score(y + 1, x + 1))));
        }
    }

    private static void Close(float[] expected, float[] actual, float tolerance = 1e-4f)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), one => Assert.Equal(one.First, one.Second, tolerance));
    }
}
