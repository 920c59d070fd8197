namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>What becomes of a field of Triton's configuration.</summary>
internal enum TritonFieldFate : byte
{
    /// <summary>It does here what it does there.</summary>
    Used,

    /// <summary>It changes no answer and is not needed here: noted as a warning, with the reason.</summary>
    Warned,

    /// <summary>Ignoring it would change answers or how clients talk to the model: an error.</summary>
    Refused,
}
