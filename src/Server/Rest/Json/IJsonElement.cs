using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json;

/// <summary>How the elements of one fixed-size type are read from and written to JSON.</summary>
/// <typeparam name="T">The element in memory.</typeparam>
internal interface IJsonElement<T>
    where T : unmanaged
{
    /// <summary>The most bytes that writing an element touches.</summary>
    static abstract int Room { get; }

    /// <summary>What values are allowed, for the error text.</summary>
    static abstract string Allowed { get; }

    /// <summary>Takes a short number over; false where the whole number must be looked at.</summary>
    static abstract bool TryRead(in ShortNumber number, out T value);

    /// <summary>Takes any number over; false where it is no value of this type.</summary>
    static abstract bool TryRead(in JsonNumber number, out T value);

    /// <summary>Takes over what is no number; false where it is no value of this type.</summary>
    /// <param name="token">What it is.</param>
    /// <param name="text">A string without its quotes and as it stands, or the word.</param>
    /// <param name="value">The element.</param>
    static abstract bool TryRead(JsonTokenType token, ReadOnlySpan<byte> text, out T value);

    /// <summary>Writes an element; <paramref name="target"/> has <see cref="Room"/>.</summary>
    static abstract int Write(T value, Span<byte> target);
}
