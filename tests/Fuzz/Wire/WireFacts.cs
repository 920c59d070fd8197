namespace Serving.Fuzz.Wire;

/// <summary>What is odd about a message's wire format, found by walking it a third way. Used only where the parsers disagree.</summary>
internal ref struct WireFacts
{
    private static readonly Dictionary<(char Message, int Field), char> Messages = new()
    {
        [('R', 4)] = 'E', [('R', 5)] = 'I', [('R', 6)] = 'O', [('I', 4)] = 'E', [('I', 5)] = 'C', [('O', 2)] = 'E', [('E', 2)] = 'P',
    };

    private readonly ReadOnlySpan<byte> _bytes;

    private WireFacts(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>A tag or a length takes more than 32 bits, of which Google's parser for .NET forgets the upper ones.</summary>
    public bool HasWideNumber { get; private set; }

    /// <summary>How deep messages and groups nest.</summary>
    public int Depth { get; private set; }

    public static WireFacts Of(ReadOnlySpan<byte> request)
    {
        var facts = new WireFacts(request);
        facts.Walk('R', 0, request.Length, 1);
        return facts;
    }

    private void Walk(char message, int at, int end, int depth)
    {
        Depth = Math.Max(Depth, depth);
        var open = 0;
        while (at < end && ReadNumber(ref at, end, isNarrow: true) is { } tag)
        {
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(ref at, end, isNarrow: false);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    if (ReadNumber(ref at, end, isNarrow: true) is not { } length || length > (uint)(end - at))
                    {
                        return;
                    }

                    if (open == 0 && Messages.TryGetValue((message, (int)(tag >> 3)), out var inner))
                    {
                        Walk(inner, at, at + (int)length, depth + 1);
                    }

                    at += (int)length;
                    break;
                case 3:
                    open++;
                    Depth = Math.Max(Depth, depth + open);
                    break;
                case 4:
                    open--;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    return;
            }
        }
    }

    private uint? ReadNumber(ref int at, int end, bool isNarrow)
    {
        UInt128 value = 0;
        for (var shift = 0; at < end && shift < 70; shift += 7)
        {
            var part = _bytes[at++];
            value |= (UInt128)(part & 0x7Fu) << shift;
            if (part < 0x80)
            {
                HasWideNumber |= isNarrow && value > uint.MaxValue;
                return isNarrow && value > uint.MaxValue ? null : (uint)(value & uint.MaxValue);
            }
        }

        return null;
    }
}
