namespace Serving.Runtime.Audio;

/// <summary>A recording is longer than allowed; the message says how long it may be.</summary>
internal sealed class SoundTooLongException(string message) : Exception(message);
