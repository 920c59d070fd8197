using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Images.Preprocessing.Steps;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Tokenization.Loading;

namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>
/// Reads <c>preprocessor_config.json</c> of transformers: the kind of processor gives what the file leaves out and how its sizes
/// are meant. Keys that are not known are passed over; values that cannot be used are refused by key.
/// </summary>
internal static class PreprocessorReader
{
    /// <summary>Reads the file.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="input">How the graph takes pictures.</param>
    /// <exception cref="ConfigException">It asks for what is not supported, or has values that cannot be used.</exception>
    public static ImagePreprocessor Read(JsonElement root, string file, ImageInput input)
    {
        var part = new JsonPart(root, "", file);
        return Read(part.Find("image_processor") ?? part, input);
    }

    private static ImagePreprocessor Read(JsonPart root, ImageInput input)
    {
        var family = Family(root);
        var steps = new List<GeometryStep>();
        if (Flag(root, "do_resize", true))
        {
            steps.AddRange(ResizeSteps.Of(root, family, Filter(root, family)));
        }

        // Processors that cut by crop_pct do it with their resizing.
        var cutsAlready = family.Style is ResizeStyle.ConvNext;
        if (!cutsAlready && Flag(root, "do_center_crop", family.Crops))
        {
            steps.Add(new CanvasStep(CropSize(root, family), 0, CanvasMiddle.Down));
        }

        return new ImagePreprocessor
        {
            Input = input,
            Steps = [.. steps, .. ResizeSteps.Padding(root, family)],
            Border = ResizeSteps.Border(root, family),
            Samples = Samples(root, family),
            FlipsChannels = Flag(root, "do_flip_channel_order", family.FlipsChannels),
        };
    }

    private static ProcessorFamily Family(JsonPart root)
    {
        if ((root.Find("image_processor_type") ?? root.Find("feature_extractor_type")) is not { } type)
        {
            return ProcessorFamily.ByName["ViT"];
        }

        return ProcessorFamily.Of(type.Text()) ?? throw type.Error(
            $"there is no image processor {ConfigErrors.Quote(type.Text())}; there are {string.Join(", ", ProcessorFamily.ByName.Keys)}, with ImageProcessor, ImageProcessorFast or FeatureExtractor behind the name");
    }

    private static ResampleFilter Filter(JsonPart root, ProcessorFamily family)
    {
        if (root.Find("resample") is not { } part)
        {
            return family.Filter;
        }

        return part.Number() is var number && number <= (int)ResampleFilter.Hamming
            ? (ResampleFilter)number
            : throw part.Error("must be a filter of Pillow: 0 nearest, 1 Lanczos, 2 bilinear, 3 bicubic, 4 box, 5 Hamming");
    }

    private static ImageSize CropSize(JsonPart root, ProcessorFamily family)
    {
        if (root.Find("crop_size") is not { } part)
        {
            // Some files of squares name no other size than that of the resizing.
            var size = root.Find("size") is { } same ? SizePart.Read(same, isShortest: false) : null;
            var side = family.Crop > 0 ? family.Crop : size?.Shortest ?? family.Edge;
            return new ImageSize(side, side);
        }

        var crop = SizePart.Read(part, isShortest: false);
        return crop switch
        {
            { Height: { } height, Width: { } width } => new ImageSize(height, width),
            { Shortest: { } shortest } => new ImageSize(shortest, shortest),
            _ => throw part.Error("must have height and width"),
        };
    }

    private static SampleTable Samples(JsonPart root, ProcessorFamily family)
    {
        double? scale = Flag(root, "do_rescale", family.Rescales) ? root.Find("rescale_factor")?.Score() ?? family.Scale : null;
        var offset = scale is not null && (root.Find("rescale_offset") ?? root.Find("offset"))?.Flag() is var asked && (asked ?? family.Offsets);
        var twice = family.DividesTwice && Flag(root, "include_top", true);
        (float[], float[])? normalisation = Flag(root, "do_normalize", family.Normalises)
            ? (Colours(root, "image_mean", family.Mean, mayBeZero: true), Colours(root, "image_std", family.Deviation, mayBeZero: false))
            : null;
        return SampleTable.Make(scale, offset, normalisation, twice);
    }

    private static float[] Colours(JsonPart root, string key, float[] otherwise, bool mayBeZero)
    {
        if (root.Find(key) is not { } part)
        {
            return otherwise;
        }

        float[] values = part.Value.ValueKind == JsonValueKind.Number
            ? [.. Enumerable.Repeat((float)part.Score(), 3)]
            : [.. part.Items().Select(item => (float)item.Score())];
        values = values.Length == 1 ? [values[0], values[0], values[0]] : values;
        return values.Length == 3 && (mayBeZero || !values.Contains(0))
            ? values
            : throw part.Error(mayBeZero ? "must be three numbers, for red, green and blue" : "must be three numbers other than 0, for red, green and blue");
    }

    private static bool Flag(JsonPart root, string key, bool otherwise) => root.Find(key)?.Flag() ?? otherwise;
}
