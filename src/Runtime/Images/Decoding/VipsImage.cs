namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// A picture that libvips reads from memory, which must stay where it is until this is disposed. Making one reads the header
/// only; pixels are decoded as rows are asked for, from the top, on the thread that asks.
/// </summary>
internal sealed unsafe class VipsImage : IDisposable
{
    /// <summary>libvips' names for 8 and 16 unsigned bits a sample.</summary>
    public const int Bits8 = 0;

    public const int Bits16 = 2;

    /// <summary>libvips' name for four inks.</summary>
    public const int Cmyk = 15;

    private readonly nint _image;
    private nint _region;

    private VipsImage(nint image)
    {
        _image = image;
        Width = VipsNative.Width(image);
        Height = VipsNative.Height(image);
        Bands = VipsNative.Bands(image);
        SampleFormat = VipsNative.Format(image);
        Interpretation = VipsNative.Interpretation(image);
        Orientation = VipsNative.Orientation(image);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Samples of a pixel.</summary>
    public int Bands { get; }

    public int SampleFormat { get; }

    public int Interpretation { get; }

    /// <summary>EXIF's orientation, 1 to 8.</summary>
    public int Orientation { get; }

    /// <summary>Reads the header; null where that cannot be done.</summary>
    public static VipsImage? Open(byte* bytes, int length)
    {
        // As Pillow: a file that ends early is refused, one with flaws inside is not.
        fixed (byte* options = "[access=sequential,fail_on=truncated]\0"u8)
        {
            var image = VipsNative.NewFromBuffer(bytes, (nuint)length, options, 0, 0, 0, 0, 0, 0);
            if (image == 0)
            {
                VipsNative.ClearErrors();
                return null;
            }

            return new VipsImage(image);
        }
    }

    /// <summary>Decodes rows. They must be asked for from the top, none left out. False where they cannot be decoded.</summary>
    public bool TryReadRows(int top, Span<byte> samples, int rows)
    {
        if (_region == 0 && (_region = VipsNative.NewRegion(_image)) == 0)
        {
            VipsNative.ClearErrors();
            return false;
        }

        var copy = VipsNative.Fetch(_region, 0, top, Width, rows, out var length);
        if (copy is null)
        {
            VipsNative.ClearErrors();
            return false;
        }

        new ReadOnlySpan<byte>(copy, checked((int)length)).CopyTo(samples);
        VipsNative.Free(copy);
        return true;
    }

    public void Dispose()
    {
        if (_region != 0)
        {
            VipsNative.Unreference(_region);
        }

        VipsNative.Unreference(_image);
    }
}
