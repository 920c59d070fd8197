namespace Serving.Runtime.Onnx;

/// <summary>A graph failed while it was loaded or run; the message is ONNX Runtime's.</summary>
internal sealed class GraphException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How ONNX Runtime's allocators, the C++ library and CUDA say that there is no memory. There is no code for it.</summary>
    private static readonly string[] OutOfMemory = ["bad allocation", "bad_alloc", "out of memory", "Failed to allocate memory", "OutOfMemory"];

    /// <summary>Whether memory was short, so that a smaller run may succeed.</summary>
    public bool IsOutOfMemory => OutOfMemory.Any(text => Message.Contains(text, StringComparison.OrdinalIgnoreCase));
}
