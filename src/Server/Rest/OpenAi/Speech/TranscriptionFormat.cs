namespace Serving.Server.Rest.OpenAi.Speech;

/// <summary>How what is said in a recording is written down.</summary>
internal enum TranscriptionFormat
{
    /// <summary>An object with the text.</summary>
    Json,

    /// <summary>The text alone.</summary>
    Text,

    /// <summary>SubRip's subtitles.</summary>
    Srt,

    /// <summary>An object with the text, and when it was said.</summary>
    VerboseJson,

    /// <summary>Subtitles as WebVTT.</summary>
    Vtt,
}
