using System.Globalization;
using System.Text;

namespace Serving.Server.Hosting.Settings;

/// <summary>Reads and writes the values of options, one way for the command line, the environment and files.</summary>
internal static class OptionText
{
    public static bool TryParse(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = bool.TryParse(text, out var flag) ? flag : null;
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(long))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = Duration.TryParse(text, out var duration) ? duration : null;
        }
        else if (type.IsEnum)
        {
            value = ParseEnum(type, text);
        }
        else
        {
            throw new NotSupportedException($"an option of type {type} cannot be read from text");
        }

        return value is not null;
    }

    /// <summary>What a value of the type looks like, to end "... is not".</summary>
    public static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(TimeSpan) ? "a duration such as 500ms, 2s, 5m or 00:00:02"
        : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type).Select(Kebab))
        : "a text";

    /// <summary>The placeholder of a value in the help text.</summary>
    public static string Placeholder(Type type) =>
        type == typeof(int) || type == typeof(long) ? "number"
        : type == typeof(TimeSpan) ? "duration"
        : type.IsEnum ? string.Join('|', Enum.GetNames(type).Select(Kebab))
        : "text";

    public static string Format(object? value) => value switch
    {
        null => string.Empty,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => Duration.Format(duration),
        Enum name => Kebab(name.ToString()),
        IEnumerable<string> list => string.Join(',', list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary><c>HttpPort</c> becomes <c>http-port</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    private static object? ParseEnum(Type type, string text)
    {
        var name = Enum.GetNames(type).FirstOrDefault(name =>
            string.Equals(name, text, StringComparison.OrdinalIgnoreCase) || string.Equals(Kebab(name), text, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : Enum.Parse(type, name);
    }
}
