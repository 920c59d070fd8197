using System.Text.Json;

namespace Serving.Server.Rest.Json;

/// <summary>How the elements of one fixed-size type are read from and written to JSON.</summary>
/// <typeparam name="T">The element in memory.</typeparam>
internal interface IJsonElement<T>
    where T : unmanaged
{
    /// <summary>The most bytes that an element becomes.</summary>
    static abstract int LongestText { get; }

    /// <summary>What values are allowed, for the error text.</summary>
    static abstract string Allowed { get; }

    /// <summary>Reads the scalar that the reader stands on; false where it is no value of this type.</summary>
    static abstract bool TryRead(ref Utf8JsonReader reader, out T value);

    /// <summary>Writes an element; <paramref name="target"/> has room for the longest.</summary>
    static abstract int Write(T value, Span<byte> target);
}
