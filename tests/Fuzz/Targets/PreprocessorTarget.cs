using System.Text.Json;
using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Reading;
using Serving.Runtime.Tensors;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Targets;

/// <summary>Descriptions of image processors: a plan or an error that names the key; and what the plan makes of a picture, or its refusal.</summary>
internal sealed class PreprocessorTarget : FuzzTarget
{
    private static readonly ImageLimits Limits = new() { MaxPixels = 20_000 };

    public override string Name => "preprocessor";

    public override int Rounds => 20_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words("\"size\":", "\"shortest_edge\":", "\"longest_edge\":", "\"height\":", "\"width\":", "\"max_height\":", "\"max_width\":", "\"crop_size\":", "\"crop_pct\":", "\"do_pad\":true,", "\"do_resize\":false,"),
        .. Words("\"resample\":", "\"image_mean\":", "\"image_std\":", "\"pad_size\":", "\"size_divisor\":", "\"pretrained_cfg\":", "\"input_size\":", "\"image_processor_type\":", "null", "0", "16384", "1e30", "-1", "[", "{"),
        .. Words([.. ProcessorFamily.ByName.Keys.Select(name => $"\"{name}ImageProcessor\"")]),
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
    [
        .. Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "prepare.npz"))
            .Where(array => array.Key.StartsWith("config|", StringComparison.Ordinal)).Select(array => array.Value.Data),
    ];

    public override Verdict Try(byte[] input)
    {
        try
        {
            using var document = JsonDocument.Parse(input);
            var graph = new ImageInput(ElementType.Float32, 3, ChannelsLast: false, null, null);
            var plan = TimmReader.Read(document.RootElement, "config.json", graph) ?? PreprocessorReader.Read(document.RootElement, "preprocessor_config.json", graph);
            return Prepare(plan);
        }
        catch (JsonException error)
        {
            return Verdict.Refused(error.Message);
        }
        catch (ConfigException error)
        {
            Finding.Unless(error.Errors.Count > 0, "an error says nothing");
            return Verdict.Refused(error.Message);
        }
    }

    private static Verdict Prepare(ImagePreprocessor plan)
    {
        using var picture = new Raster(37, 22, 3);
        picture.Pixels.Clear();
        if (!plan.Prepare(picture, Limits).TryGetValue(out var prepared, out var failure))
        {
            return Verdict.Refused(failure.Message);
        }

        using (prepared)
        {
            Finding.Unless(prepared.Size.Pixels <= Limits.MaxPixels, "the tensor is larger than allowed");
            Finding.Unless(plan.FixedSize is not { } size || size == prepared.Size, "the size is not the one that was foretold");
            using var tensor = BufferPool.Shared.Rent(prepared.ByteCount);
            prepared.WriteTo(tensor.GetSpan());
            return Verdict.Accepted($"{plan.Steps.Count} steps, {(plan.Border is null ? "no border" : "border")}");
        }
    }
}
