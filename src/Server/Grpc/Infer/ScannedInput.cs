using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>An input as the message has it, before it is known whether it makes sense.</summary>
internal struct ScannedInput()
{
    public string Name = "";

    public string Datatype = "";

    public long[] Shape = [];

    /// <summary>Whether the field <c>contents</c> was sent, be it empty.</summary>
    public bool HasContents;

    /// <summary>The bytes of <c>contents</c>; where the field was sent again, the rest are in <see cref="MoreContents"/>.</summary>
    public ReadOnlySequence<byte> Contents;

    public List<ReadOnlySequence<byte>>? MoreContents;

    /// <summary>Where in shared memory the data lies, if it does.</summary>
    public RegionParameters Region;
}
