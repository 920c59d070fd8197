namespace Serving.Runtime.Configuration;

/// <summary>How an image lies in an input, numbered as in Triton's configuration. Told to clients, which prepare images by it; the server does nothing with it.</summary>
public enum TensorFormat : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>Height, width, channels.</summary>
    Nhwc,

    /// <summary>Channels, height, width.</summary>
    Nchw,
}
