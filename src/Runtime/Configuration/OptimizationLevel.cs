namespace Serving.Runtime.Configuration;

/// <summary>How far ONNX Runtime optimises a graph.</summary>
public enum OptimizationLevel : byte
{
    None,
    Basic,
    Extended,
    All,
}
