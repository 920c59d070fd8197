using System.Globalization;
using Serving.Runtime.Images.Encoding;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Tiling;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Puts what a graph made of a picture's tiles together. The first answer says how much larger than its input it is.</summary>
internal sealed class PictureStitching(ImageSize picture)
{
    /// <summary>The most pixels of a picture and of a result: 28 bytes of memory each while it is put together.</summary>
    public const long MostPixels = 16_000_000;

    private TileBlend? _blend;
    private int _factor;
    private int _channels;

    /// <summary>Why the tiles cannot be put together; null where they can.</summary>
    public InferenceFailure? Failure { get; private set; }

    /// <summary>Adds a tile's output, [1, channels, height, width].</summary>
    public void Add(Tile place, PictureFrame frame, in OutputTensor output)
    {
        if (Failure is not null || (_blend is null && !TryBegin(frame, output.Shape)))
        {
            return;
        }

        var enlarged = new Tile(place.Left * _factor, place.Top * _factor, place.Width * _factor, place.Height * _factor);
        if (output.Shape[1] != _channels || output.Shape[2] < enlarged.Height || output.Shape[3] < enlarged.Width)
        {
            Failure = InferenceFailure.BackendFailed($"the graph answers tiles of one picture in shapes that do not fit together, such as {output.Shape}");
            return;
        }

        _blend!.Add(enlarged, Numbers.Floats(output), (int)output.Shape[3], (int)output.Shape[2]);
    }

    /// <summary>The result as a PNG.</summary>
    /// <param name="black">The number that is black.</param>
    /// <param name="white">The number that is white.</param>
    public byte[] ToPng(float black, float white)
    {
        var values = _blend!.Finish();
        var pixels = _blend.Width * _blend.Height;
        var samples = new byte[values.Length];
        for (var channel = 0; channel < _channels; channel++)
        {
            for (var i = 0; i < pixels; i++)
            {
                samples[(i * _channels) + channel] = (byte)Math.Clamp(MathF.Round((values[(channel * pixels) + i] - black) / (white - black) * 255), 0, 255);
            }
        }

        return PngWriter.Write(samples, _blend.Width, _blend.Height, _channels);
    }

    private bool TryBegin(PictureFrame frame, TensorShape shape)
    {
        _channels = (int)shape[1];
        _factor = (int)(shape[2] / frame.Tensor.Height);
        if (_channels is not (1 or 3) || _factor < 1 || shape[2] != (long)frame.Tensor.Height * _factor || shape[3] != (long)frame.Tensor.Width * _factor)
        {
            Failure = InferenceFailure.Unsupported($"the graph makes {shape} of a picture of {frame.Tensor}: no picture of 1 or 3 colours, enlarged by a whole number");
            return false;
        }

        if (picture.Pixels * _factor * _factor > MostPixels)
        {
            Failure = InferenceFailure.TooLarge(string.Create(
                CultureInfo.InvariantCulture, $"the picture of {picture} pixels is too large to be enlarged {_factor} times; the result may have {MostPixels} pixels"));
            return false;
        }

        _blend = new TileBlend(_channels, picture.Width * _factor, picture.Height * _factor);
        return true;
    }
}
