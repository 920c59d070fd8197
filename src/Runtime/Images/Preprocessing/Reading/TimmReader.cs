using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Images.Preprocessing.Sizes;
using Serving.Runtime.Images.Preprocessing.Steps;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Tokenization.Loading;

namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>Reads the <c>pretrained_cfg</c> of timm's <c>config.json</c>, and does what timm's transforms for evaluation do.</summary>
internal static class TimmReader
{
    /// <summary>The plan; null where the file has no <c>pretrained_cfg</c>.</summary>
    /// <param name="root">The root of config.json.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="input">How the graph takes pictures.</param>
    /// <exception cref="ConfigException">It asks for what is not supported.</exception>
    public static ImagePreprocessor? Read(JsonElement root, string file, ImageInput input) =>
        new JsonPart(root, "", file).Find("pretrained_cfg") is { } part ? Read(part, input) : null;

    private static ImagePreprocessor Read(JsonPart root, ImageInput input)
    {
        var size = Size(root, input);
        var share = root.Find("crop_pct") is { } part ? Share(part) : 0.875;
        var filter = Filter(root);
        var scaled = new ImageSize((int)Math.Floor(size.Height / share), (int)Math.Floor(size.Width / share));
        var mode = root.Find("crop_mode");
        SizeRule rule = (mode?.Text() ?? "center") switch
        {
            "center" when size.Height == size.Width => new ShortestEdge(scaled.Height),
            "squash" => new ExactSize(scaled),
            "center" => throw root.Get("input_size").Error("a size that is not square is not supported with crop_mode 'center'"),
            _ => throw mode!.Value.Error("is not supported; center and squash are"),
        };

        return new ImagePreprocessor
        {
            Input = input,
            Steps = [new ResizeStep(rule, filter), new CanvasStep(size, 0, CanvasMiddle.Even)],
            Samples = SampleTable.Make(1 / 255.0, false, (Colours(root, "mean", [0.485f, 0.456f, 0.406f]), Colours(root, "std", [0.229f, 0.224f, 0.225f])), false),
        };
    }

    private static ImageSize Size(JsonPart root, ImageInput input)
    {
        if (root.Find("input_size") is not { } part)
        {
            return new ImageSize(input.Height ?? 224, input.Width ?? 224);
        }

        var extents = part.Items().Select(item => item.Number()).ToList();
        return extents.Count == 3 && extents.All(extent => extent is > 0 and <= 16_384)
            ? new ImageSize(extents[1], extents[2])
            : throw part.Error("must be [3, height, width]");
    }

    private static double Share(JsonPart part) => part.Score() is var share and > 0 and <= 1 ? share : throw part.Error("must be above 0 and at most 1");

    private static ResampleFilter Filter(JsonPart root) => root.Find("interpolation") is not { } part
        ? ResampleFilter.Bilinear
        : part.Text() switch
        {
            "bilinear" or "random" => ResampleFilter.Bilinear,
            "bicubic" => ResampleFilter.Bicubic,
            "nearest" => ResampleFilter.Nearest,
            "lanczos" => ResampleFilter.Lanczos,
            "box" => ResampleFilter.Box,
            "hamming" => ResampleFilter.Hamming,
            _ => throw part.Error("is not a filter; there are nearest, lanczos, bilinear, bicubic, box, hamming"),
        };

    private static float[] Colours(JsonPart root, string key, float[] otherwise)
    {
        if (root.Find(key) is not { } part)
        {
            return otherwise;
        }

        float[] values = [.. part.Items().Select(item => (float)item.Score())];
        return values.Length == 3 && (key == "mean" || !values.Contains(0)) ? values : throw part.Error("must be three numbers, for red, green and blue");
    }
}
