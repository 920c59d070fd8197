using System.Text;
using System.Text.Json;
using Serving.TestKit.Servers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.Rest.Dialects;

/// <summary>The real server with a small model for each task over texts and recordings, whose answers can be worked out by hand.</summary>
public sealed class DialectServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-dialects-");

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("serving-dialect-files-");

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        DialectModels.Save(_folder.FullName);
        Server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
        });
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
        _files.Delete(recursive: true);
    }

    /// <summary>Writes a file for clients and gives its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The status and the answer to JSON, numbers rounded to three places.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await PostAsync(path, content);
    }

    /// <summary>The status and the JSON that any body is answered with.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, HttpContent content)
    {
        using var answer = await Server.Http.PostAsync(new Uri(path, UriKind.Relative), content).WaitAsync(TimeSpan.FromSeconds(60));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return ((int)answer.StatusCode, Round(document.RootElement));
    }

    private static string Round(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when !value.TryGetInt64(out _) => JsonSerializer.Serialize(Math.Round(value.GetDouble(), 3)),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Round))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(field => $"\"{field.Name}\":{Round(field.Value)}"))}}}",
        _ => value.GetRawText(),
    };
}
