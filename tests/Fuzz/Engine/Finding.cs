using System.Diagnostics.CodeAnalysis;

namespace Serving.Fuzz.Engine;

/// <summary>A reader did not keep what it promises.</summary>
internal sealed class Finding(string message, Exception? inner = null) : Exception(message, inner)
{
    public static void Unless([DoesNotReturnIf(false)] bool kept, string broken)
    {
        if (!kept)
        {
            throw new Finding(broken);
        }
    }
}
