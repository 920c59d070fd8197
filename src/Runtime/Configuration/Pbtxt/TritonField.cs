namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>A field of Triton's model configuration.</summary>
/// <param name="Path">Its name with the fields that it lies under.</param>
/// <param name="Kind">What kind of value it takes.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Reason">Why it is not used; empty where it is.</param>
/// <param name="IsRepeated">Whether it may be given several times.</param>
/// <param name="Names">The enumerators in the order of their numbers.</param>
internal sealed record TritonField(
    string Path,
    TritonFieldKind Kind,
    TritonFieldFate Fate = TritonFieldFate.Used,
    string Reason = "",
    bool IsRepeated = false,
    IReadOnlyList<string>? Names = null);
