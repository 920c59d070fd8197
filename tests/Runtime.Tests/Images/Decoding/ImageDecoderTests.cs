using System.Buffers;
using System.Buffers.Binary;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Decoding;
using Serving.Runtime.Images.Encoding;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Images.Decoding;

public sealed class ImageDecoderTests
{
    public static TheoryData<string> Names => [.. EncodedPictures.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_EveryKind_EqualsPillow(string name)
    {
        var expected = EncodedPictures.Pixels(name);

        using var raster = Decoded(EncodedPictures.File(name));

        Assert.Equal(expected.Shape, (long[])[raster.Height, raster.Width, raster.Channels]);
        Assert.Equal(expected.Data, raster.Pixels);
    }

    [Fact]
    public void Decode_OrientationNotFollowed_LeavesRowsAsTheyAre()
    {
        var upright = EncodedPictures.Pixels("png-exif-1");

        Assert.True(ImageDecoder.Decode(EncodedPictures.File("png-exif-6"), ImageLimits.Default, upright: false).TryGetValue(out var raster, out _));

        using (raster)
        {
            Assert.Equal(upright.Data, raster.Pixels);
        }
    }

    [Theory]
    [InlineData("jpeg-q75-s2")]
    [InlineData("png")]
    [InlineData("webp")]
    public void Decode_BytesInPieces_IsTheSame(string name)
    {
        using var whole = Decoded(EncodedPictures.File(name));

        Assert.True(ImageDecoder.Decode(Pieces(EncodedPictures.File(name), 100), ImageLimits.Default).TryGetValue(out var raster, out _));

        using (raster)
        {
            Assert.Equal(whole.Pixels, raster.Pixels);
        }
    }

    [Theory]
    [InlineData("jpeg-q75-s2", "JPEG")]
    [InlineData("png", "PNG")]
    [InlineData("webp-lossless", "WebP")]
    [InlineData("gif", "GIF")]
    public void Decode_EndsEarly_IsRefused(string name, string format)
    {
        var file = EncodedPictures.File(name);
        foreach (var length in (int[])[file.Length / 2, file.Length * 3 / 4, 20])
        {
            var failure = Refused(file[..length]);

            Assert.Equal(InferenceError.InvalidInput, failure.Error);
            Assert.StartsWith($"the {format} picture of {length} bytes cannot be decoded: its ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "the picture is empty; JPEG, PNG, WebP and GIF are understood")]
    [InlineData("BM6\u0003xxxxxxxxxx", "the picture is in no format that is understood: it seems to be BMP; JPEG, PNG, WebP and GIF are understood")]
    [InlineData("II*\0xxxxxxxxxxx", "the picture is in no format that is understood: it seems to be TIFF; JPEG, PNG, WebP and GIF are understood")]
    [InlineData("\0\0\0 ftypavif....", "the picture is in no format that is understood: it seems to be AVIF, HEIF or a video; JPEG, PNG, WebP and GIF are understood")]
    [InlineData("hello", "the picture is in no format that is understood: it begins with the bytes 68656C6C6F; JPEG, PNG, WebP and GIF are understood")]
    public void Decode_OtherFormat_IsNamed(string text, string message)
    {
        var failure = Refused([.. text.Select(c => (byte)c)]);

        Assert.Equal(InferenceFailure.InvalidInput(message), failure);
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_IsRefusedByItsHeader()
    {
        // A header that announces 40,000 million pixels, and nothing behind it.
        var bomb = EncodedPictures.File("png");
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 200_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 200_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), PngChecksum.Of(bomb.AsSpan(12, 17)));

        var failure = Refused(bomb);

        Assert.Equal(InferenceFailure.TooLarge("the PNG picture has 200000x200000 pixels; at most 64000000 are decoded, and 65535 a side"), failure);
    }

    [Fact]
    public void Decode_AtTheLimits_IsDecoded()
    {
        var file = EncodedPictures.File("png");
        var limits = new ImageLimits { MaxPixels = 70 * 45, MaxBytes = file.Length };

        Assert.True(ImageDecoder.Decode(file, limits).TryGetValue(out var raster, out _));

        raster.Dispose();
        Assert.Equal(
            InferenceFailure.TooLarge("the PNG picture has 70x45 pixels; at most 3149 are decoded, and 65535 a side"),
            ImageDecoder.Decode(file, limits with { MaxPixels = (70 * 45) - 1 }).Failure);
        Assert.Equal(
            InferenceFailure.TooLarge($"the picture has {file.Length} bytes; at most {file.Length - 1} are decoded"),
            ImageDecoder.Decode(file, limits with { MaxBytes = file.Length - 1 }).Failure);
        Assert.Equal(
            InferenceFailure.TooLarge("the PNG picture has 70x45 pixels; at most 64000000 are decoded, and 69 a side"),
            ImageDecoder.Decode(file, ImageLimits.Default with { MaxSide = 69 }).Failure);
        Assert.Equal(InferenceError.TooLarge, ImageDecoder.Decode(Pieces(file, 9), limits with { MaxBytes = file.Length - 1 }).Failure!.Error);
    }

    [Fact]
    public void Decode_ManyAtOnce_AreAllRight()
    {
        Parallel.ForEach(Enumerable.Range(0, 400), i =>
        {
            var name = EncodedPictures.Names.ElementAt(i % EncodedPictures.Names.Count());
            using var raster = Decoded(EncodedPictures.File(name));
            Assert.Equal(EncodedPictures.Pixels(name).Data, raster.Pixels);
            Assert.NotNull(ImageDecoder.Decode(EncodedPictures.File(name).AsMemory(0, 30), ImageLimits.Default).Failure);
        });
    }

    /// <summary>Damaged files are decoded or refused; none ends the process, takes much memory or leaves some behind.</summary>
    [Fact]
    public void Decode_DamagedFiles_AreDecodedOrRefused()
    {
        var random = new Random(18);
        var limits = new ImageLimits { MaxPixels = 1_000_000, MaxBytes = 1 << 20 };
        var outcomes = new Dictionary<InferenceError, int>();
        var decoded = 0;
        var rented = BufferPool.Shared.RentedBytes;
        for (var i = 0; i < 4_000; i++)
        {
            var file = EncodedPictures.File(EncodedPictures.Names.ElementAt(random.Next(EncodedPictures.Names.Count())));
            if (ImageDecoder.Decode(Damage(file, random), limits).TryGetValue(out var raster, out var failure))
            {
                Assert.InRange((long)raster.Width * raster.Height, 1, limits.MaxPixels);
                raster.Dispose();
                decoded++;
            }
            else
            {
                outcomes[failure.Error] = outcomes.GetValueOrDefault(failure.Error) + 1;
            }
        }

        Assert.Equal([InferenceError.InvalidInput, InferenceError.TooLarge], outcomes.Keys.Order());
        Assert.True(decoded > 300 && outcomes[InferenceError.InvalidInput] > 300 && outcomes[InferenceError.TooLarge] > 5);
        Assert.True(BufferPool.Shared.RentedBytes - rented < 1 << 24, "what damaged files took was not given back");
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        switch (random.Next(4))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                // Where sizes stand.
                damaged[random.Next(Math.Min(damaged.Length, 40))] = (byte)random.Next(256);
                return damaged;
            case 2:
                var at = random.Next(damaged.Length);
                return [.. damaged[..at], .. damaged[random.Next(damaged.Length)..]];
            default:
                for (var n = random.Next(1, 9); n > 0; n--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
        }
    }

    private static Raster Decoded(byte[] file)
    {
        var outcome = ImageDecoder.Decode(file, ImageLimits.Default);
        Assert.True(outcome.TryGetValue(out var raster, out var failure), failure?.Message);
        return raster;
    }

    private static InferenceFailure Refused(byte[] file)
    {
        var outcome = ImageDecoder.Decode(file, ImageLimits.Default);
        Assert.NotNull(outcome.Failure);
        return outcome.Failure;
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
