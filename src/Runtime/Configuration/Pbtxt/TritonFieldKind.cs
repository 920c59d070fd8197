namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>What kind of value a field takes.</summary>
internal enum TritonFieldKind : byte
{
    Integer,
    Flag,
    Text,
    Enumerator,

    /// <summary>A message whose fields are in the table too, unless the field is warned of or refused as a whole.</summary>
    Message,
}
