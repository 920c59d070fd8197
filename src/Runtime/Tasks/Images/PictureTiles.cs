using Serving.Runtime.Images;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Tiling;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tasks.Images;

/// <summary>A picture cut into tiles, each as a graph's inputs.</summary>
/// <param name="Size">The size of the picture.</param>
/// <param name="Places">Where each tile lies.</param>
/// <param name="Tensors">The inputs of each.</param>
internal sealed record PictureTiles(ImageSize Size, IReadOnlyList<Tile> Places, IReadOnlyList<PictureTensor> Tensors) : IDisposable
{
    /// <summary>Cuts a picture, which stays its owner's.</summary>
    /// <param name="side">The side of a tile, in pixels.</param>
    /// <param name="overlap">How far tiles overlap.</param>
    /// <param name="prepare">Makes the inputs of a tile.</param>
    public static Outcome<PictureTiles> Cut(Raster picture, int side, int overlap, Func<Raster, Outcome<PictureTensor>> prepare)
    {
        var places = TileGrid.Cut(picture.Width, picture.Height, side, overlap);
        var tensors = new List<PictureTensor>(places.Count);
        foreach (var place in places)
        {
            using var tile = Copy(picture, place);
            if (!prepare(tile).TryGetValue(out var tensor, out var failure))
            {
                tensors.ForEach(made => made.Dispose());
                return failure;
            }

            tensors.Add(tensor);
        }

        return new PictureTiles(new ImageSize(picture.Height, picture.Width), places, tensors);
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }

    private static Raster Copy(Raster picture, Tile place)
    {
        var tile = new Raster(place.Width, place.Height, picture.Channels);
        for (var y = 0; y < place.Height; y++)
        {
            picture.Row(place.Top + y).Slice(place.Left * picture.Channels, tile.Stride).CopyTo(tile.Row(y));
        }

        return tile;
    }
}
