using System.Text;
using System.Text.Json;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>A value of a tokenizer.json, which knows its key for messages.</summary>
internal readonly record struct JsonPart(JsonElement Value, string Key, string File)
{
    /// <summary>Says what is wrong with this value.</summary>
    public ConfigException Error(string message) => new(File, [Key.Length == 0 ? message : $"{Key}: {message}"]);

    /// <summary>The value of a key; null where it is missing or null.</summary>
    public JsonPart? Find(string key)
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Error($"is {Kind}, expected is an object");
        }

        return Value.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPart(value, Key.Length == 0 ? key : $"{Key}.{key}", File)
            : null;
    }

    /// <summary>The value of a key that must be there.</summary>
    public JsonPart Get(string key) => Find(key) ?? throw Error($"'{key}' is missing");

    /// <summary>The elements of an array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            throw Error($"is {Kind}, expected is an array");
        }

        var part = this;
        return Value.EnumerateArray().Select((item, i) => part with { Value = item, Key = $"{part.Key}[{i}]" });
    }

    /// <summary>The members of an object.</summary>
    public IEnumerable<(string Name, JsonPart Part)> Members()
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Error($"is {Kind}, expected is an object");
        }

        var part = this;
        return Value.EnumerateObject().Select(m => (m.Name, part with { Value = m.Value, Key = $"{part.Key}.{m.Name}" }));
    }

    public string Text()
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            throw Error($"is {Kind}, expected is a string");
        }

        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("has half a surrogate pair");
        }
    }

    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"is {Kind}, expected is true or false"),
    };

    /// <summary>A whole number that is not negative.</summary>
    public int Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0
        ? number
        : throw Error($"is {Shown}, expected is a whole number from 0 to {int.MaxValue}");

    public double Score() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var score)
        ? double.IsInteger(score) ? score : LibraryNumber.Parse(Value.GetRawText())
        : throw Error($"is {Shown}, expected is a number");

    /// <summary>A string of one character.</summary>
    public Rune Character()
    {
        var text = Text();
        return Rune.TryGetRuneAt(text.Length == 0 ? "\uD800" : text, 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? rune
            : throw Error($"is {Shown}, expected is a single character");
    }

    /// <summary>One of several strings, by its place.</summary>
    public T OneOf<T>(params ReadOnlySpan<(string Name, T Value)> allowed)
    {
        var text = Text();
        var names = new List<string>();
        foreach (var (name, value) in allowed)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw Error($"is {Shown}, allowed are {string.Join(", ", names)}");
    }

    private string Shown
    {
        get
        {
            try
            {
                return ConfigErrors.Quote(Value.GetRawText().Trim('"'));
            }
            catch (InvalidOperationException)
            {
                return "a text that is not UTF-8";
            }
        }
    }

    private string Kind => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
