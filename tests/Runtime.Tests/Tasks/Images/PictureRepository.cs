using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Images.Encoding;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.TestKit;

namespace Serving.Runtime.Tests.Tasks.Images;

/// <summary>Models of the zoo and of the tests with files beside them that make them tasks over pictures, and questions to them.</summary>
internal static class PictureRepository
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Lays a model of the zoo beside a configuration.</summary>
    public static void Lay(this TaskTestFolder folder, string name, string zoo, object config, object? preprocessor = null)
    {
        Directory.CreateDirectory(folder.Folder(name));
        File.Copy(Path.Combine(Zoo.Models[zoo], "model.onnx"), Path.Combine(folder.Folder(name), "model.onnx"));
        folder.Describe(name, config, preprocessor);
    }

    /// <summary>Writes the configuration of a model.</summary>
    public static void Describe(this TaskTestFolder folder, string name, object? config, object? preprocessor = null)
    {
        Write(config, "config.json");
        Write(preprocessor, "preprocessor_config.json");

        void Write(object? content, string file)
        {
            if (content is not null)
            {
                File.WriteAllText(Path.Combine(folder.Folder(name), file), JsonSerializer.Serialize(content));
            }
        }
    }

    /// <summary>The description of a processor that makes squares with ImageNet's mean and deviation.</summary>
    public static object Square(int side) => new
    {
        image_processor_type = "ViTImageProcessor", size = new { height = side, width = side }, image_mean = Mean, image_std = Deviation,
    };

    /// <summary>A picture of noise: its file, and its pixels.</summary>
    public static (byte[] File, byte[] Pixels) Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return (PngWriter.Write(pixels, width, height, 3), pixels);
    }

    /// <summary>What a graph is given of pixels: colours apart, normalised as <see cref="Square"/> says.</summary>
    public static float[] Normalised(byte[] pixels)
    {
        var count = pixels.Length / 3;
        return [.. Enumerable.Range(0, pixels.Length).Select(i => ((pixels[(i % count * 3) + (i / count)] / 255f) - Mean[i / count]) / Deviation[i / count])];
    }

    public static InputTensor Files(params byte[][] files)
    {
        using var stream = new MemoryStream();
        foreach (var file in files)
        {
            stream.Write(BitConverter.GetBytes(file.Length));
            stream.Write(file);
        }

        return new InputTensor("image", ElementType.Bytes, new TensorShape(files.Length), new ReadOnlySequence<byte>(stream.ToArray()));
    }

    /// <summary>Asks the graph of a task for one picture's numbers.</summary>
    public static async Task<Dictionary<string, (long[] Shape, float[] Values)>> RunGraphAsync(this TaskTestFolder folder, string name, string input, long[] shape, float[] values)
    {
        var tensor = new InputTensor(input, ElementType.Float32, new TensorShape(shape), new ReadOnlySequence<byte>(MemoryMarshal.AsBytes<float>(values).ToArray()));
        var outcome = await folder.AskAsync($"{name}.graph", [tensor]);
        Assert.True(outcome.TryGetValue(out var response, out var failure), failure?.Message);
        using (response)
        {
            return response.Outputs.ToDictionary(o => o.Name, o => (o.Shape.ToArray(), MemoryMarshal.Cast<byte, float>(o.Data.Span).ToArray()));
        }
    }

    /// <summary>Asks a task about pictures; its outputs of bytes as they are.</summary>
    public static async Task<PictureAnswer> AskAsync(this TaskTestFolder folder, string name, byte[][] files, object? parameters = null, params string[] outputs)
    {
        var outcome = await folder.AskAsync(name, [Files(files)], parameters, outputs);
        Assert.True(outcome.TryGetValue(out var response, out var failure), failure?.Message);
        using (response)
        {
            return new PictureAnswer(response);
        }
    }

    public static async Task<string> FailAsync(this TaskTestFolder folder, string name, byte[][] files, object? parameters = null)
    {
        var outcome = await folder.AskAsync(name, [Files(files)], parameters);
        Assert.NotNull(outcome.Failure);
        return $"{outcome.Failure.Error}: {outcome.Failure.Message}";
    }
}
