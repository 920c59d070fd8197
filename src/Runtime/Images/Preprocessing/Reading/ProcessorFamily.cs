using Serving.Runtime.Images.Resampling;

namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>What a kind of image processor of transformers does where its file says nothing.</summary>
internal sealed record ProcessorFamily
{
    private static readonly float[] Half = [0.5f, 0.5f, 0.5f];
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];
    private static readonly float[] ClipMean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] ClipDeviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private static readonly ProcessorFamily Square = new() { Edge = 224 };
    private static readonly ProcessorFamily Shortest = Square with { EdgeIsShortest = true, Crops = true, Crop = 224 };
    private static readonly ProcessorFamily Detector = Square with
    {
        Style = ResizeStyle.Detector, Edge = 800, Longest = 1333, EdgeIsShortest = true, Pads = true, Mean = ImageNetMean, Deviation = ImageNetDeviation,
    };

    private static readonly ProcessorFamily Segmenter = Detector with { Style = ResizeStyle.Segmenter, Divisor = 32 };
    private static readonly ProcessorFamily Clip = Shortest with { Filter = ResampleFilter.Bicubic, Mean = ClipMean, Deviation = ClipDeviation };

    /// <summary>The kinds by the first part of their class' name, before <c>ImageProcessor</c> or <c>FeatureExtractor</c>.</summary>
    public static IReadOnlyDictionary<string, ProcessorFamily> ByName { get; } = new SortedDictionary<string, ProcessorFamily>(StringComparer.OrdinalIgnoreCase)
    {
        ["Beit"] = Square with { Edge = 256, Filter = ResampleFilter.Bicubic, Crops = true, Crop = 224 },
        ["Bit"] = Clip,
        ["Blip"] = Square with { Edge = 384, Filter = ResampleFilter.Bicubic, Mean = ClipMean, Deviation = ClipDeviation },
        ["ChineseCLIP"] = Clip,
        ["CLIP"] = Clip,
        ["ConditionalDetr"] = Detector,
        ["ConvNext"] = Square with { Style = ResizeStyle.ConvNext, Edge = 384, EdgeIsShortest = true, CropShare = 224 / 256.0 },
        ["DeformableDetr"] = Detector,
        ["DeiT"] = Square with { Edge = 256, Filter = ResampleFilter.Bicubic, Crops = true, Crop = 224 },
        ["Detr"] = Detector,
        ["DINOv3ViT"] = Square with { Mean = ImageNetMean, Deviation = ImageNetDeviation },
        ["Donut"] = Square with { Style = ResizeStyle.Donut, Edge = 1920, Height = 2560, Pads = true },
        ["DPT"] = Square with { Style = ResizeStyle.Dpt, Edge = 384, Filter = ResampleFilter.Bicubic },
        ["EfficientNet"] = Square with { Edge = 346, Filter = ResampleFilter.Nearest, Crop = 289, DividesTwice = true },
        ["GLPN"] = Square with { Style = ResizeStyle.Glpn, Divisor = 32, Normalises = false },
        ["GroundingDino"] = Detector,
        ["LayoutLMv2"] = Square with { Rescales = false, Normalises = false, FlipsChannels = true },
        ["LayoutLMv3"] = Square,
        ["Levit"] = Shortest with { Style = ResizeStyle.Levit, Filter = ResampleFilter.Bicubic, Mean = ImageNetMean, Deviation = ImageNetDeviation },
        ["Mask2Former"] = Segmenter,
        ["MaskFormer"] = Segmenter,
        ["MobileNetV1"] = Shortest with { Edge = 256 },
        ["MobileNetV2"] = Shortest with { Edge = 256 },
        ["MobileViT"] = Shortest with { Crop = 256, Normalises = false, FlipsChannels = true },
        ["OneFormer"] = Segmenter with { Divisor = 1 },
        ["OwlViT"] = Square with { Edge = 768, Filter = ResampleFilter.Bicubic, Crop = 768, Mean = ClipMean, Deviation = ClipDeviation },
        ["PoolFormer"] = Shortest with
        {
            Style = ResizeStyle.PoolFormer, CropShare = 0.9, Filter = ResampleFilter.Bicubic, Mean = ImageNetMean, Deviation = ImageNetDeviation,
        },
        ["Pvt"] = Square with { Mean = ImageNetMean, Deviation = ImageNetDeviation },
        ["RTDetr"] = Square with { Edge = 640, Normalises = false },
        ["Sam"] = Square with { Style = ResizeStyle.Sam, Edge = 1024, Pads = true, Mean = ImageNetMean, Deviation = ImageNetDeviation },
        ["Segformer"] = Square with { Edge = 512, Mean = ImageNetMean, Deviation = ImageNetDeviation },
        ["Siglip"] = Square with { Filter = ResampleFilter.Bicubic },
        ["Swin2SR"] = Square with { Style = ResizeStyle.Mirror, Divisor = 8, Pads = true, Normalises = false },
        ["VideoMAE"] = Shortest,
        ["ViT"] = Square,
        ["Vivit"] = Shortest with { Edge = 256, Offsets = true, Scale = 1 / 127.5, Normalises = false },
        ["Yolos"] = Detector with { Style = ResizeStyle.Yolos },
    };

    public ResizeStyle Style { get; init; }

    /// <summary>The side, or the shorter one, in pixels.</summary>
    public int Edge { get; init; }

    /// <summary>The height where it is not <see cref="Edge"/>.</summary>
    public int? Height { get; init; }

    public int? Longest { get; init; }

    /// <summary>Whether one number means the shorter side, not a square.</summary>
    public bool EdgeIsShortest { get; init; }

    public ResampleFilter Filter { get; init; } = ResampleFilter.Bilinear;

    public bool Crops { get; init; }

    /// <summary>The side of the square that is cut out; 0: none is known.</summary>
    public int Crop { get; init; }

    public double CropShare { get; init; } = 1;

    public int Divisor { get; init; } = 1;

    public bool Pads { get; init; }

    public bool Rescales { get; init; } = true;

    public double Scale { get; init; } = 1 / 255.0;

    public bool Offsets { get; init; }

    public bool Normalises { get; init; } = true;

    public bool DividesTwice { get; init; }

    public bool FlipsChannels { get; init; }

    public float[] Mean { get; init; } = Half;

    public float[] Deviation { get; init; } = Half;

    /// <summary>The kind of a class such as <c>ViTImageProcessorFast</c> or <c>ViTFeatureExtractor</c>; null where it is not known.</summary>
    public static ProcessorFamily? Of(string className)
    {
        var end = className.IndexOf("ImageProcessor", StringComparison.Ordinal);
        end = end < 0 ? className.IndexOf("FeatureExtractor", StringComparison.Ordinal) : end;
        return ByName.GetValueOrDefault(end < 0 ? className : className[..end]);
    }
}
