using System.Diagnostics;
using Serving.TestKit.Source;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.Rest.Dialects;

/// <summary>The clients that people have, unchanged: openai and @huggingface/inference.</summary>
public sealed class DialectClientTests(DialectServer server) : IClassFixture<DialectServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task Clients_EveryCall_IsUnderstood()
    {
        var folder = Path.Combine(SourceTree.Root, "tests", "clients", "dialects");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "The clients are missing: run 'npm ci' in tests/clients/dialects.");
        var recording = server.Write("speech.wav", SoundModel.Spell("__AA_B||C"));
        using var client = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "check.mjs"), server.Server.HttpAddress.ToString().TrimEnd('/'), recording])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = client.StandardOutput.ReadToEndAsync();
        var errors = client.StandardError.ReadToEndAsync();
        try
        {
            await client.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }

        Assert.True(client.ExitCode == 0, await errors.WaitAsync(Patience));
        Assert.Equal(
            """{"openai models":true,"openai embeddings":{"count":2,"size":3,"tokens":6,"model":"vectors"},"openai embeddings as floats":[1,0]"""
            + ""","openai unknown model":{"status":404,"code":"model_not_found","type":"NotFoundError"},"featureExtraction":3,"sentenceSimilarity":[1,0]"""
            + ""","textClassification":["happy","sad"],"zeroShotClassification":["sport","art"],"tokenClassification":[["PER","Ada",0,3],["PER","Bob",8,11]]"""
            + ""","questionAnswering":["New York City",3,16],"tabularClassification":[2,0],"tabularRegression":[13],"fillMask":["red","green"]"""
            + ""","audioClassification":["up","down"],"automaticSpeechRecognition":"AB C","openai transcription":"AB C","openai transcription as subtitles":"""
            + "\"1\\n00:00:00,004 --> 00:00:00,018\\nAB C\\n\\n\""
            + ""","openai transcription with words":[["AB",0.004,0.012],["C",0.016,0.018]]}""",
            (await output.WaitAsync(Patience)).Trim());
    }
}
