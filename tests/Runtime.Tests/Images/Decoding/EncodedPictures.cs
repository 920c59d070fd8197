using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Images.Decoding;

/// <summary>Small pictures of every kind and what Pillow 9.4 decodes them to, as References/make_decode.py wrote them.</summary>
internal static class EncodedPictures
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Arrays =
        Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "decode.npz"));

    public static IEnumerable<string> Names { get; } = [.. Arrays.Keys.Where(key => key.EndsWith("|file", StringComparison.Ordinal)).Select(key => key[..^5])];

    /// <summary>A copy of the encoded picture, the caller's own.</summary>
    public static byte[] File(string name) => [.. Arrays[$"{name}|file"].Data];

    public static NpyArray Pixels(string name) => Arrays[$"{name}|rgb"];
}
