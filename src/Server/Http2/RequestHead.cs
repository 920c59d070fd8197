using System.Runtime.InteropServices;
using Serving.Server.Http2.Hpack;

namespace Serving.Server.Http2;

/// <summary>The header fields of a request, checked as they come (RFC 9113, section 8.3.1).</summary>
/// <param name="sizeLimit">What they may take in all, each with <see cref="HeaderField.Overhead"/>.</param>
internal sealed class RequestHead(int sizeLimit)
{
    private const int MostFields = 256;

    private readonly List<HeaderField> _fields = new(16);
    private int _size;
    private string? _authority;
    private bool _pseudoEnded;

    /// <summary>Those that an application sees.</summary>
    public ReadOnlySpan<HeaderField> Fields => CollectionsMarshal.AsSpan(_fields);

    public string? Method { get; private set; }

    public string? Scheme { get; private set; }

    /// <summary>The path with its query, as it was sent.</summary>
    public string? Path { get; private set; }

    /// <summary>The value of <c>content-length</c>; negative where there is none.</summary>
    public long Length { get; private set; }

    /// <summary>Why the request cannot be answered; null where it can.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Whether there is more than is accepted. The rest is not kept.</summary>
    public bool IsTooLarge { get; private set; }

    public void Clear()
    {
        _fields.Clear();
        _size = 0;
        (Method, Scheme, Path, Wrong, Length, IsTooLarge) = (null, null, null, null, -1, false);
        (_authority, _pseudoEnded) = (null, false);
    }

    public void Add(HeaderField field)
    {
        _size += field.Size;
        IsTooLarge |= _size > sizeLimit || _fields.Count >= MostFields;
        if (IsTooLarge)
        {
            return;
        }

        switch (field.Kind)
        {
            case HeaderKind.Regular:
                _pseudoEnded = true;
                break;
            case HeaderKind.Method:
                Method = Once(field, Method);
                return;
            case HeaderKind.Scheme:
                Scheme = Once(field, Scheme);
                return;
            case HeaderKind.Path:
                Path = Once(field, Path);
                return;
            case HeaderKind.Authority:
                _authority = Once(field, _authority);
                break;
            case HeaderKind.ContentLength when Length < 0 || Length == field.Length:
                _pseudoEnded = true;
                Length = field.Length;
                Wrong ??= Length < 0 ? "content-length is not a number" : null;
                break;
            default:
                Wrong ??= $"the header {field.Name} may not be in a request of HTTP/2 with this value";
                return;
        }

        _fields.Add(field);
    }

    /// <summary>All fields are there.</summary>
    public void Complete()
    {
        if (Method is null || Scheme is null || string.IsNullOrEmpty(Path))
        {
            Wrong ??= ":method, :scheme and :path must all be there";
        }
    }

    private string Once(HeaderField field, string? before)
    {
        if (before is not null || _pseudoEnded)
        {
            Wrong ??= "pseudo-headers must come once, and before all others";
        }

        return field.Value;
    }
}
