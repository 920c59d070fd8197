using Serving.Runtime.Simulation;

namespace Serving.Server.Commands.Simulate;

/// <summary>Gets a cost table from where the command line says.</summary>
internal static class CostSource
{
    /// <summary>Many times what a server answers.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <exception cref="InvalidDataException">There is no table; the message says why.</exception>
    public static async Task<CostTable> ReadAsync(string place, string? model)
    {
        if (ExampleTables.Names.Contains(place))
        {
            return ExampleTables.Read(place);
        }

        try
        {
            return CostTableReader.Read(IsAddress(place, out var address) ? await DownloadAsync(address, model) : await ReadFileAsync(place));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or HttpRequestException or TaskCanceledException)
        {
            throw new InvalidDataException($"--costs: '{place}': {exception.Message}", exception);
        }
    }

    private static bool IsAddress(string place, out Uri address) =>
        Uri.TryCreate(place, UriKind.Absolute, out address!) && address.Scheme is "http" or "https";

    private static async Task<byte[]> ReadFileAsync(string path) =>
        new FileInfo(path) is { Exists: true, Length: > MostBytes }
            ? throw new InvalidDataException($"the file is larger than {MostBytes} bytes")
            : await File.ReadAllBytesAsync(path);

    // An address without a path is a server's; the model says which table of it.
    private static async Task<byte[]> DownloadAsync(Uri address, string? model)
    {
        if (address.AbsolutePath == "/")
        {
            var parts = model?.Split('/', 2) ?? throw new InvalidDataException("which model's costs? Give --model NAME");
            var version = parts.Length > 1 ? $"/versions/{Uri.EscapeDataString(parts[1])}" : "";
            address = new Uri(address, $"/v2/models/{Uri.EscapeDataString(parts[0])}{version}/costs");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MostBytes };
        using var response = await client.GetAsync(address);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsByteArrayAsync()
            : throw new InvalidDataException($"{address} answered {(int)response.StatusCode}");
    }
}
