namespace Serving.Runtime.Images.Preprocessing;

/// <summary>
/// What each grey level of each colour becomes: rescaled and normalised, with the roundings of the reference (a product in
/// 64 bits, then 32-bit arithmetic). 256 values a colour, so that a picture needs one look-up a sample and no arithmetic,
/// and every value is exact.
/// </summary>
internal sealed class SampleTable
{
    private readonly float[][] _values;

    private SampleTable(float[][] values) => _values = values;

    /// <summary>Grey levels as they are.</summary>
    public static SampleTable Raw { get; } = Make(null, false, null, false);

    /// <summary>From 0 to 1.</summary>
    public static SampleTable Unit { get; } = Make(1 / 255.0, false, null, false);

    /// <summary>Makes the table.</summary>
    /// <param name="scale">What a grey level is multiplied by; null: nothing.</param>
    /// <param name="offset">Whether 1 is subtracted then.</param>
    /// <param name="normalisation">Mean and standard deviation of red, green and blue; null: not normalised.</param>
    /// <param name="twice">Whether it is divided by the deviation once more, as EfficientNet's <c>include_top</c> does.</param>
    public static SampleTable Make(double? scale, bool offset, (float[] Mean, float[] Deviation)? normalisation, bool twice)
    {
        var values = new float[3][];
        for (var colour = 0; colour < 3; colour++)
        {
            values[colour] = new float[256];
            for (var level = 0; level < 256; level++)
            {
                var value = (float)(level * (scale ?? 1)) - (offset ? 1 : 0);
                if (normalisation is var (mean, deviation))
                {
                    value = (value - mean[colour]) / deviation[colour];
                    value = twice ? value / deviation[colour] : value;
                }

                values[colour][level] = value;
            }
        }

        return new SampleTable(values);
    }

    /// <summary>The 256 values of a colour: 0 red, 1 green, 2 blue.</summary>
    public ReadOnlySpan<float> Of(int colour) => _values[colour];
}
