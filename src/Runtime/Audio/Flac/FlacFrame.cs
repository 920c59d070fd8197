namespace Serving.Runtime.Audio.Flac;

/// <summary>Reads frames of one stream after the other into the same memory.</summary>
/// <param name="stream">What all frames have in common.</param>
internal sealed class FlacFrame(FlacStream stream)
{
    private int[] _samples = [];

    /// <summary>Reads a frame and averages its channels.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="start">Where the frame begins.</param>
    /// <param name="sound">Takes its samples.</param>
    /// <returns>Where it ends.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public int Read(ReadOnlySpan<byte> file, int start, SampleBuffer sound)
    {
        var bits = new FlacBits(file, start);
        var header = FlacFrameHeader.Read(ref bits, file, stream);
        sound.Check(header.Count);
        if (_samples.Length < header.Count * stream.Channels)
        {
            _samples = new int[header.Count * stream.Channels];
        }

        for (var channel = 0; channel < stream.Channels; channel++)
        {
            // A difference of two samples has one bit more than each.
            var isSide = channel == (header.Channels == FlacFrameHeader.SideAndRight ? 0 : 1) && header.Channels >= FlacFrameHeader.LeftAndSide;
            FlacSubframe.Read(ref bits, Channel(channel, header.Count), header.Bits + (isSide ? 1 : 0));
        }

        bits.Align();
        var end = bits.Position;
        if (bits.Read(16) != FlacChecksums.OfFrame(file[start..end]))
        {
            throw new InvalidDataException($"the frame at byte {start} is damaged: it has another checksum");
        }

        Average(header, sound.Take(header.Count));
        return end + sizeof(ushort);
    }

    private Span<int> Channel(int channel, int count) => _samples.AsSpan(channel * count, count);

    private void Average(in FlacFrameHeader header, Span<float> mono)
    {
        var scale = 1.0 / ((1L << (header.Bits - 1)) * stream.Channels);
        var first = Channel(0, header.Count);
        var second = Channel(Math.Min(1, stream.Channels - 1), header.Count);
        for (var i = 0; i < mono.Length; i++)
        {
            // Left + right, whichever of them was told: left and left - right, left - right and right, or half of the sum and left - right.
            var sum = header.Channels switch
            {
                FlacFrameHeader.LeftAndSide => (2L * first[i]) - second[i],
                FlacFrameHeader.SideAndRight => first[i] + (2L * second[i]),
                FlacFrameHeader.MidAndSide => (2L * first[i]) | ((long)second[i] & 1),
                _ => SumOf(i, header.Count),
            };
            mono[i] = (float)(sum * scale);
        }
    }

    private long SumOf(int place, int count)
    {
        var sum = 0L;
        for (var channel = 0; channel < stream.Channels; channel++)
        {
            sum += _samples[(channel * count) + place];
        }

        return sum;
    }
}
