using System.Text;
using System.Text.Json;
using Serving.Fuzz.Engine;
using Serving.Runtime.Tensors;
using Serving.TestKit.Tasks;

namespace Serving.Fuzz.Targets;

/// <summary>
/// Requests in the dialects of OpenAI, Cohere, text-embeddings-inference and Hugging Face, asked of real models: an answer, or the
/// dialect's own error about the request. The first line of an input is the path, and behind a blank the type of the body.
/// </summary>
internal sealed class DialectJsonTarget : FuzzTarget
{
    /// <summary>Memory of a run is given back by the thread that ran it, which may be a moment behind the answer.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>An error may quote the request, but not multiply it. Arbitrary; a list of a task's options is about half as long.</summary>
    private const int LongestError = 2_000;

    public override string Name => "dialect-json";

    public override int Rounds => 10_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words("{", "}", "[", "]", "[]", "{}", "\"", "\\", ",", ":", "null", "true", "false", "0", "-1", "1.5", "1e9", "2147483648", "\"\"", "\"x\"", "\\ud800", "\\u0000", "é", "\uFEFF", "[[", "]]"),
        .. Words("\"inputs\":", "\"input\":", "\"model\":\"vectors\",", "\"model\":\"mood\",", "\"model\":null,", "\"query\":", "\"texts\":", "\"documents\":", "\"text\":", "\"text_pair\":"),
        .. Words("\"question\":", "\"context\":", "\"source_sentence\":", "\"sentences\":", "\"candidate_labels\":", "\"parameters\":{", "\"top_k\":", "\"top_n\":", "\"dimensions\":", "\"truncate\":true,"),
        .. Words("\"encoding_format\":\"base64\",", "\"truncation_direction\":\"left\",", "\"prompt_name\":", "\"normalize\":", "\"raw_scores\":", "\"return_documents\":true,", "\"return_timestamps\":"),
        .. Words("\"ids\":", "\"skip_special_tokens\":false,", "\"add_special_tokens\":false,", "\"stride\":", "\"max_tokens\":", "\"threshold\":", "\"function_to_apply\":", "\"hypothesis_template\":", "[MASK]", "[SEP]", "Ada"),
        .. Words("/models/", "vectors", "mood", "spans", "names", "mask", "rank", "sparse", "speech", "voice", " application/json\n", " audio/wav\n"),
        [0xFF], [0xED, 0xA0, 0x80],
    ];

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        _ = DialectPipeline.Instance;
        var recording = SoundModel.Spell("_A||BC");
        return
        [
            .. Words(
                "/v1/embeddings\n{\"model\":\"vectors\",\"input\":[\"one\",\"two\"],\"dimensions\":2,\"encoding_format\":\"base64\"}",
                "/v1/embeddings\n{\"model\":\"vectors\",\"input\":[[5,6],[6]],\"user\":\"me\"}",
                "/v1/rerank\n{\"model\":\"rank\",\"query\":\"x\",\"documents\":[\"dog\",{\"text\":\"cat\"}],\"top_n\":2,\"return_documents\":true}",
                "/v2/rerank\n{\"query\":\"x\",\"documents\":[\"dog\"]}",
                "/embed\n{\"inputs\":[\"two\",\"one\"],\"normalize\":false,\"truncate\":true,\"truncation_direction\":\"left\",\"dimensions\":2}",
                "/embed_all\n{\"inputs\":[5,6]}",
                "/embed_sparse\n{\"inputs\":[\"one two\",\"\"]}",
                "/similarity\n{\"inputs\":{\"source_sentence\":\"one\",\"sentences\":[\"one\",\"two\"]},\"parameters\":{\"truncate\":true}}",
                "/rerank\n{\"query\":\"x\",\"texts\":[\"dog\",\"cat\"],\"raw_scores\":true,\"return_text\":true}",
                "/models/mood/predict\n{\"inputs\":[[\"good\",\"x\"],[\"bad\",\"y\"]],\"raw_scores\":true}",
                "/models/vectors/tokenize\n{\"inputs\":\"é one 😀\",\"add_special_tokens\":false}",
                "/models/vectors/decode\n{\"ids\":[[2,5,6,3],[7]],\"skip_special_tokens\":false}",
                "/\n{\"inputs\":\"one\"}",
                "/models/mood\n{\"inputs\":{\"text\":\"good\",\"text_pair\":\"bad\"},\"parameters\":{\"top_k\":1,\"function_to_apply\":\"none\",\"threshold\":0.5}}",
                "/models/nli\n{\"inputs\":\"x\",\"parameters\":{\"candidate_labels\":[\"art\",\"sport\"],\"multi_label\":true,\"hypothesis_template\":\"{}\"}}",
                "/models/names\n{\"inputs\":\"Ada met Bob\",\"parameters\":{\"aggregation_strategy\":\"simple\",\"stride\":2}}",
                "/models/spans\n{\"inputs\":{\"question\":\"x\",\"context\":\"in New City in New City in New City\"},\"parameters\":{\"doc_stride\":2,\"top_k\":2,\"max_answer_len\":3,\"handle_impossible_answer\":true}}",
                "/models/mask\n{\"inputs\":\"[MASK] car\",\"parameters\":{\"top_k\":2,\"targets\":[\"red\"]}}",
                "/pipeline/sentence-similarity/vectors\n{\"inputs\":{\"source_sentence\":\"one\",\"sentences\":[\"one\",\"two\"]}}",
                "/models/rank\n{\"inputs\":{\"query\":\"x\",\"texts\":[\"dog\",\"cat\"]},\"parameters\":{\"raw_scores\":true}}",
                $"/models/speech\n{{\"inputs\":\"{Convert.ToBase64String(recording)}\",\"parameters\":{{\"return_timestamps\":\"char\",\"chunk_length_s\":0.1,\"stride_length_s\":0.02}}}}"),
            [.. "/models/speech audio/wav\n"u8, .. recording],
            [
                .. "/v1/audio/transcriptions multipart/form-data; boundary=x\n--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nspeech\r\n--x\r\n"u8,
                .. "Content-Disposition: form-data; name=\"response_format\"\r\n\r\nverbose_json\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"u8,
                .. recording, .. "\r\n--x--\r\n"u8,
            ],
        ];
    }

    public override Verdict Try(byte[] input)
    {
        var line = input.AsSpan().IndexOf((byte)'\n');
        var head = Encoding.Latin1.GetString(input, 0, Math.Max(line, 0));
        if (head.Any(letter => letter is < ' ' or > '~'))
        {
            return Verdict.Refused("not a request");
        }

        var blank = head.IndexOf(' ', StringComparison.Ordinal);
        var path = "/" + (blank < 0 ? head : head[..blank]).TrimStart('/');
        var rented = BufferPool.Shared.RentedBytes;
        var (status, body) = DialectPipeline.Instance.Post(path, blank < 0 ? null : head[(blank + 1)..], input[(line + 1)..]);
        SpinWait.SpinUntil(() => BufferPool.Shared.RentedBytes == rented, Settling);
        return status == 200 ? Accept(path, body) : Refuse(path, status, body, input.Length);
    }

    private static Verdict Accept(string path, byte[] body)
    {
        Finding.Unless(body.Length > 0, "an answer is empty");
        if (body[0] is (byte)'{' or (byte)'[')
        {
            JsonDocument.Parse(body).Dispose();
        }

        return Verdict.Accepted(path);
    }

    private static Verdict Refuse(string path, int status, byte[] body, int asked)
    {
        if (status is 404 or 405 && body.Length == 0)
        {
            return Verdict.Refused("no route");
        }

        Finding.Unless(status is >= 400 and < 500 || (status == 501 && body.AsSpan().IndexOf("not as a task"u8) > 0), $"a request is answered with {status}: {Encoding.UTF8.GetString(body)}");
        using var document = JsonDocument.Parse(body);
        var error = document.RootElement.GetProperty("error");
        if (path.StartsWith("/v1/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/v2/", StringComparison.OrdinalIgnoreCase))
        {
            Finding.Unless(error.GetProperty("type").GetString() == "invalid_request_error" && error.TryGetProperty("param", out _) && error.TryGetProperty("code", out _), "the error is not OpenAI's");
            error = error.GetProperty("message");
        }

        var message = error.GetString()!;
        Finding.Unless(message.Length > 0 && message.Length < LongestError + asked, "the error says nothing, or far more than was asked");
        return Verdict.Refused(message);
    }
}
