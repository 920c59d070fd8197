namespace Serving.Server;

/// <summary>
/// How large a block for a body of announced length is: a client that announces much and sends little holds little.
/// Growing sixteenfold copies at most a fifteenth of the body; twofold it would be all of it.
/// </summary>
internal static class BlockGrowth
{
    /// <summary>The first block. As long as what Kestrel holds of a body before it is read; arbitrary.</summary>
    private const int First = 64 * 1024;

    private const int Factor = 16;

    /// <summary>The length of the first block.</summary>
    public static int Begin(long announced) => (int)Math.Min(First, announced);

    /// <summary>The length of the block that follows a full one.</summary>
    /// <param name="full">The length of the full one.</param>
    /// <param name="needed">What it must hold at least; no more than was announced.</param>
    /// <param name="announced">The length of the whole body.</param>
    public static int Next(int full, long needed, long announced) => (int)Math.Clamp((long)full * Factor, needed, announced);
}
