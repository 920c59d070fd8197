namespace Serving.Server.Rest.Json;

/// <summary>Takes the elements of an array over, as many at a time as stand together.</summary>
internal interface IElementRun
{
    /// <summary>
    /// Reads elements and the commas between them up to the end of their array. False where something else stands there, or more
    /// than there is room for.
    /// </summary>
    /// <param name="json">What is read.</param>
    /// <param name="at">The first element's position; afterwards that of the bracket that ends the array.</param>
    /// <param name="count">How many were read.</param>
    bool TryRead(ReadOnlySpan<byte> json, ref int at, out int count);
}
