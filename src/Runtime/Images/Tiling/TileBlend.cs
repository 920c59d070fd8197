namespace Serving.Runtime.Images.Tiling;

/// <summary>
/// Puts together what a graph made of tiles: where tiles overlap, each counts more the further its own border is away, so that no
/// seam shows. Outputs may be larger than the tiles by a whole factor, the same for all.
/// </summary>
internal sealed class TileBlend
{
    private readonly int _channels;
    private readonly float[] _sum;
    private readonly float[] _weight;

    /// <param name="channels">Colours or classes, each apart.</param>
    /// <param name="width">Of the whole, enlarged, in pixels.</param>
    /// <param name="height">Of the whole, enlarged, in pixels.</param>
    public TileBlend(int channels, int width, int height)
    {
        _channels = channels;
        Width = width;
        Height = height;
        _sum = new float[(long)channels * width * height];
        _weight = new float[(long)width * height];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Adds a tile's output.</summary>
    /// <param name="place">Where it lies in the whole, enlarged.</param>
    /// <param name="values">Colour after colour, row after row; rows may be longer than the tile, and more.</param>
    /// <param name="rowLength">The length of a row in <paramref name="values"/>.</param>
    /// <param name="rows">The rows of a colour in <paramref name="values"/>.</param>
    public void Add(Tile place, ReadOnlySpan<float> values, int rowLength, int rows)
    {
        for (var y = 0; y < place.Height; y++)
        {
            var at = ((place.Top + y) * Width) + place.Left;
            for (var x = 0; x < place.Width; x++)
            {
                var weight = Ramp(x, place.Width) * Ramp(y, place.Height);
                _weight[at + x] += weight;
                for (var channel = 0; channel < _channels; channel++)
                {
                    _sum[(channel * Width * Height) + at + x] += weight * values[(((channel * rows) + y) * rowLength) + x];
                }
            }
        }
    }

    /// <summary>The whole: colour after colour, row after row. Every pixel must have been covered.</summary>
    public float[] Finish()
    {
        for (var channel = 0; channel < _channels; channel++)
        {
            var values = _sum.AsSpan(channel * _weight.Length, _weight.Length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] /= _weight[i];
            }
        }

        return _sum;
    }

    private static float Ramp(int position, int length) => Math.Min(position + 1, length - position);
}
