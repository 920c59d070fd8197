using System.Net.Http.Headers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.Rest.Dialects;

/// <summary>Recordings in Hugging Face's and OpenAI's shapes.</summary>
public sealed class SoundDialectTests(DialectServer server) : IClassFixture<DialectServer>
{
    private static readonly byte[] Speech = SoundModel.Spell("__AA_B||C");

    [Theory]
    [InlineData("audio/wav")]
    [InlineData("audio/x-wav")]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Post_FileAsBody_IsHeard(string? type)
    {
        using var content = new ByteArrayContent(Speech);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        Assert.Equal((200, """{"text":"AB C"}"""), await server.PostAsync("/models/speech", content));
    }

    [Theory]
    [InlineData("speech", """{"inputs":"WAV"}""", """{"text":"AB C"}""")]
    [InlineData("speech", """{"inputs":["WAV","data:audio/wav;base64,WAV"]}""", """[{"text":"AB C"},{"text":"AB C"}]""")]
    [InlineData("speech", """{"inputs":"WAV","parameters":{"return_timestamps":false,"chunk_length_s":0.1,"stride_length_s":0.02}}""", """{"text":"AB C"}""")]
    [InlineData("speech", """{"inputs":"WAV","parameters":{"return_timestamps":true}}""", """{"text":"AB C","chunks":[{"text":"AB","timestamp":[0.004,0.012]},{"text":"C","timestamp":[0.016,0.018]}]}""")]
    [InlineData("speech", """{"inputs":["WAV"],"parameters":{"return_timestamps":"char"}}""", """[{"text":"AB C","chunks":[{"text":"A","timestamp":[0.004,0.008]},{"text":"B","timestamp":[0.01,0.012]},{"text":" ","timestamp":[0.012,0.016]},{"text":"C","timestamp":[0.016,0.018]}]}]""")]
    [InlineData("sounds", """{"inputs":"WAV","parameters":{"function_to_apply":"none"}}""", """[{"label":"up","score":0.072},{"label":"down","score":-0.072}]""")]
    [InlineData("sounds", """{"inputs":["WAV","LOW"],"parameters":{"function_to_apply":"none","threshold":-0.2}}""", """[[{"label":"up","score":0.072},{"label":"down","score":-0.072}],[{"label":"down","score":0.25}]]""")]
    [InlineData("voice", """{"inputs":"LOUD","parameters":{"min_speech_ms":0,"pad_ms":0}}""", """[{"start":0,"end":0.1}]""")]
    [InlineData("voice", """{"inputs":"WAV"}""", "[]")]
    public async Task Post_Base64_IsAnsweredAsThePipelinesDo(string model, string request, string expected)
    {
        request = request.Replace("WAV", Convert.ToBase64String(Speech), StringComparison.Ordinal)
            .Replace("LOW", Convert.ToBase64String(WavFiles.Make([-0.25f], 1000)), StringComparison.Ordinal)
            .Replace("LOUD", Convert.ToBase64String(WavFiles.Make(Enumerable.Repeat(0.75f, 1600), 16_000)), StringComparison.Ordinal);

        Assert.Equal((200, expected), await server.PostAsync("/models/" + model, request));
    }

    [Theory]
    [InlineData("""{"inputs":"T2dnUw=="}""", 400, """{"error":"the recording is an Ogg file; understood are WAV and FLAC"}""")]
    [InlineData("""{"inputs":"no base64!"}""", 400, """{"error":"'inputs' must be a file in base64, or a list of such; the file itself can be the body, with its own Content-Type"}""")]
    [InlineData("""{"inputs":"UklGRg==","parameters":{"stride_length_s":[1,2]}}""", 400, """{"error":"parameter 'stride_seconds' is '[1,2]', expected a number from 0 to 1800"}""")]
    public async Task Post_WrongRecording_SaysWhatIsExpected(string request, int status, string expected) =>
        Assert.Equal((status, expected), await server.PostAsync("/models/speech", request));

    [Fact]
    public async Task Post_EmptyBody_SaysWhatIsExpected()
    {
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("audio/flac");

        Assert.Equal((400, """{"error":"the body is empty, expected a file for the task automatic-speech-recognition"}"""), await server.PostAsync("/models/speech", content));
    }

    [Theory]
    [InlineData("", """{"text":"AB C","usage":{"type":"duration","seconds":1}}""")]
    [InlineData("response_format=json;language=en;prompt=x;temperature=0;stream=false", """{"text":"AB C","usage":{"type":"duration","seconds":1}}""")]
    [InlineData("response_format=verbose_json;language=en", """{"task":"transcribe","language":"en","duration":0.018,"text":"AB C","segments":[{"id":0,"start":0.004,"end":0.018,"text":"AB C"}],"usage":{"type":"duration","seconds":1}}""")]
    [InlineData("response_format=verbose_json;timestamp_granularities[]=word", """{"task":"transcribe","language":"","duration":0.018,"text":"AB C","words":[{"word":"AB","start":0.004,"end":0.012},{"word":"C","start":0.016,"end":0.018}],"usage":{"type":"duration","seconds":1}}""")]
    public async Task Transcriptions_Json_IsOpenAis(string fields, string expected)
    {
        using var form = Form(fields);

        Assert.Equal((200, expected), await server.PostAsync("/v1/audio/transcriptions", form));
    }

    [Theory]
    [InlineData("text", "text/plain", "AB C\n")]
    [InlineData("srt", "text/plain", "1\n00:00:00,004 --> 00:00:00,018\nAB C\n\n")]
    [InlineData("vtt", "text/vtt", "WEBVTT\n\n00:00:00.004 --> 00:00:00.018\nAB C\n\n")]
    public async Task Transcriptions_Text_IsWrittenDown(string format, string type, string expected)
    {
        using var form = Form("response_format=" + format);
        using var answer = await server.Server.Http.PostAsync(new Uri("/v1/audio/transcriptions", UriKind.Relative), form).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((type, "utf-8"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentType.CharSet));
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("response_format=diarized_json", "'response_format' must be json, text, srt, verbose_json or vtt, got 'diarized_json'")]
    [InlineData("stream=true", "'stream' is not offered: a recording is written down as a whole; leave it out")]
    [InlineData("timestamp_granularities[]=letter", "'timestamp_granularities' must be word or segment, got 'letter'")]
    [InlineData("model=sounds", "model 'sounds' does audio-classification, expected one that does automatic-speech-recognition")]
    [InlineData("model=", "'model' is missing")]
    [InlineData("language=a;language=b", "'language' is given twice")]
    public async Task Transcriptions_WrongField_SaysWhatIsExpected(string fields, string message)
    {
        using var form = Form(fields);

        Assert.Equal(
            (400, $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":null}}"""),
            await server.PostAsync("/v1/audio/transcriptions", form));
    }

    [Fact]
    public async Task Transcriptions_NoForm_SaysWhatIsExpected()
    {
        var (status, body) = await server.PostAsync("/v1/audio/transcriptions", "{}");

        Assert.Equal(400, status);
        Assert.Contains("the body must be a form, multipart/form-data; its Content-Type is", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transcriptions_OtherFile_SaysWhatIsUnderstood()
    {
        using var form = Form("", [.. "OggS"u8]);

        var (status, body) = await server.PostAsync("/v1/audio/transcriptions", form);

        Assert.Equal(400, status);
        Assert.Contains("\"the recording is an Ogg file; understood are WAV and FLAC\"", body, StringComparison.Ordinal);
    }

    private static MultipartFormDataContent Form(string fields, byte[]? file = null)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(file ?? Speech), "file", "speech.wav" } };
        var given = fields.Split(';', StringSplitOptions.RemoveEmptyEntries);
        foreach (var field in given.Any(field => field.StartsWith("model=", StringComparison.Ordinal)) ? given : ["model=speech", .. given])
        {
            form.Add(new StringContent(field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]), field[..field.IndexOf('=', StringComparison.Ordinal)]);
        }

        return form;
    }
}
