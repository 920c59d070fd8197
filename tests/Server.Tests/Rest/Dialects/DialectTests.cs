using System.Net.Http.Headers;
using System.Text;

namespace Serving.Server.Tests.Rest.Dialects;

public sealed class DialectTests(DialectServer server) : IClassFixture<DialectServer>
{
    private const string Long = "one one one one one one one one one one one one one one one one one one";

    [Theory]

    // OpenAI: vectors of length 1.
    [InlineData("/v1/embeddings", """{"model":"vectors","input":"two","encoding_format":"float"}""", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0,0.8,0.6]}],"model":"vectors","usage":{"prompt_tokens":3,"total_tokens":3}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":["one","two"],"dimensions":2,"user":"me"}""", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,0]},{"object":"embedding","index":1,"embedding":[0,1]}],"model":"vectors","usage":{"prompt_tokens":6,"total_tokens":6}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":[5],"encoding_format":"base64"}""", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAAAAAAAA"}],"model":"vectors","usage":{"prompt_tokens":3,"total_tokens":3}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":[[5],[6]],"dimensions":1}""", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]},{"object":"embedding","index":1,"embedding":[0]}],"model":"vectors","usage":{"prompt_tokens":6,"total_tokens":6}}""")]
    [InlineData("/v1/rerank", """{"model":"rank","query":"x","documents":["dog","cat",{"text":"x"}],"top_n":2,"return_documents":true}""", """{"model":"rank","results":[{"index":1,"relevance_score":0.881,"document":{"text":"cat"}},{"index":2,"relevance_score":0.5,"document":{"text":"x"}}],"usage":{"total_tokens":15}}""")]
    [InlineData("/v2/rerank", """{"query":"x","documents":["dog"]}""", """{"model":"rank","results":[{"index":0,"relevance_score":0.269}],"usage":{"total_tokens":5}}""")]

    // text-embeddings-inference: one model of the kind needs no name.
    [InlineData("/embed", """{"inputs":"two"}""", "[[0,0.8,0.6]]")]
    [InlineData("/models/vectors/embed", """{"inputs":["two","one"],"normalize":false}""", "[[0,1.333,1],[0.667,0,0]]")]
    [InlineData("/embed", """{"inputs":[6]}""", "[[0,0.8,0.6]]")]
    [InlineData("/embed_all", """{"inputs":["two","two one"]}""", "[[[0,0,0],[0,4,3],[0,0,0]],[[0,0,0],[0,4,3],[2,0,0],[0,0,0]]]")]
    [InlineData("/embed_sparse", """{"inputs":["one","two one","other"]}""", """[[{"index":0,"value":1.099}],[{"index":0,"value":1.099},{"index":1,"value":1.609},{"index":2,"value":1.386}],[]]""")]
    [InlineData("/models/sparse/embed_sparse", """{"inputs":"LONG","truncate":true}""", """[[{"index":0,"value":1.099}]]""")]
    [InlineData("/similarity", """{"inputs":{"source_sentence":"one","sentences":["one","two"]}}""", "[1,0]")]
    [InlineData("/rerank", """{"query":"x","texts":["dog","cat"],"raw_scores":true,"return_text":true}""", """[{"index":1,"text":"cat","score":2},{"index":0,"text":"dog","score":-1}]""")]
    [InlineData("/models/mood/predict", """{"inputs":"good"}""", """[{"score":0.881,"label":"happy"},{"score":0.119,"label":"sad"}]""")]
    [InlineData("/models/mood/predict", """{"inputs":["good","bad"],"raw_scores":true}""", """[{"score":2,"label":"happy"},{"score":2,"label":"sad"}]""")]
    [InlineData("/models/mood/predict", """{"inputs":[["good"],["bad"]],"raw_scores":true}""", """[[{"score":2,"label":"happy"},{"score":0,"label":"sad"}],[{"score":2,"label":"sad"},{"score":0,"label":"happy"}]]""")]
    [InlineData("/models/vectors/tokenize", """{"inputs":"é one"}""", """[[{"id":2,"text":"[CLS]","special":true,"start":null,"stop":null},{"id":1,"text":"\u00E9","special":false,"start":0,"stop":1},{"id":5,"text":"one","special":false,"start":2,"stop":5},{"id":3,"text":"[SEP]","special":true,"start":null,"stop":null}]]""")]
    [InlineData("/models/vectors/decode", """{"ids":[2,5,6,3]}""", """["one two"]""")]
    [InlineData("/models/vectors/decode", """{"ids":[[5],[6]],"skip_special_tokens":false}""", """["one","two"]""")]

    // Hugging Face inference.
    [InlineData("/models/mood", """{"inputs":"good"}""", """[[{"label":"happy","score":0.881},{"label":"sad","score":0.119}]]""")]
    [InlineData("/models/mood", """{"inputs":["good","bad"],"parameters":{"top_k":1},"options":{"use_cache":false}}""", """[[{"label":"happy","score":0.881}],[{"label":"sad","score":0.881}]]""")]
    [InlineData("/models/mood", """{"inputs":{"text":"good","text_pair":"bad"},"parameters":{"function_to_apply":"none"}}""", """[[{"label":"happy","score":2},{"label":"sad","score":2}]]""")]
    [InlineData("/models/nli", """{"inputs":"x","parameters":{"candidate_labels":["art","sport"]}}""", """[{"label":"sport","score":0.881},{"label":"art","score":0.119}]""")]
    [InlineData("/models/names", """{"inputs":"Ada met Bob"}""", """[{"entity_group":"PER","score":0.987,"word":"Ada","start":0,"end":3,"index":1},{"entity_group":"PER","score":0.987,"word":"Bob","start":8,"end":11,"index":3}]""")]
    [InlineData("/models/spans", """{"inputs":{"question":"x","context":"in New City"},"parameters":{"max_question_len":64,"doc_stride":2}}""", """{"answer":"New City","score":0.931,"start":3,"end":11}""")]
    [InlineData("/models/mask", """{"inputs":"[MASK] car","parameters":{"top_k":1}}""", """[{"token_str":"red","score":0.619,"token":5,"sequence":"red","mask":0}]""")]
    [InlineData("/models/people", """{"inputs":{"data":{"height":["1","5"],"weight":["-2","-1"]}}}""", "[0,0]")]
    [InlineData("/models/people", """{"inputs":[[1,2],{"weight":1,"height":-1}]}""", "[2,1]")]
    [InlineData("/models/prices", """{"inputs":{"rooms":3,"floor":0,"garden":true,"town":"Rome"}}""", "[13]")]
    [InlineData("/models/vectors", """{"inputs":"two"}""", "[0,1.333,1]")]
    [InlineData("/models/vectors/pipeline/feature-extraction", """{"inputs":["two"],"parameters":{"normalize":true}}""", "[[0,0.8,0.6]]")]
    [InlineData("/pipeline/sentence-similarity/vectors", """{"inputs":{"source_sentence":"one","sentences":["one","two"]}}""", "[1,0]")]
    [InlineData("/models/rank", """{"inputs":{"query":"x","texts":["dog","cat"]},"parameters":{"raw_scores":true}}""", "[-1,2]")]
    public async Task Post_Request_IsAnsweredInTheDialect(string path, string request, string expected)
    {
        var (status, body) = await server.PostAsync(path, request.Replace("LONG", Long, StringComparison.Ordinal));

        Assert.Equal((200, expected), (status, body.Replace("é", "\\u00E9", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"nobody","input":"x"}""", 404, """{"error":{"message":"Request for unknown model: 'nobody' is not found","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    [InlineData("/v1/embeddings", """{"model":"mood","input":"x"}""", 400, """{"error":{"message":"model 'mood' does text-classification, expected one that does sentence-embedding","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors"}""", 400, """{"error":{"message":"'input' is missing","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":[]}""", 400, """{"error":{"message":"'input' must be a text, a list of texts, or lists of token numbers","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":["x",1]}""", 400, """{"error":{"message":"'input[1]' must be a text","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":"x","dimensions":9}""", 400, """{"error":{"message":"parameter 'dimensions' is 9, the model's vectors have 3","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":"x","encoding_format":"hex"}""", 400, """{"error":{"message":"'encoding_format' must be 'float' or 'base64'","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData("/v1/embeddings", """{"model":"vectors","input":"LONG"}""", 400, """{"error":{"message":"a text has 20 tokens, allowed are 16","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}""")]
    [InlineData("/embed", """{"inputs":"LONG"}""", 413, """{"error":"a text has 20 tokens, allowed are 16","error_type":"Validation"}""")]
    [InlineData("/embed", """{"inputs":{}}""", 413, """{"error":"'inputs' must be a text or a list with at least one","error_type":"Validation"}""")]
    [InlineData("/embed", """{"inputs":"x","normalize":1}""", 413, """{"error":"'normalize' must be true or false","error_type":"Validation"}""")]
    [InlineData("/embed_sparse", """{"inputs":"LONG"}""", 413, """{"error":"a text has 20 tokens, allowed are 16","error_type":"Validation"}""")]
    [InlineData("/embed_sparse", """{"inputs":"x","prompt_name":"query"}""", 413, """{"error":"model 'sparse' has no prompts; leave 'prompt_name' out","error_type":"Validation"}""")]
    [InlineData("/models/vectors/embed_sparse", """{"inputs":"x"}""", 413, """{"error":"model 'vectors' does sentence-embedding, expected one that does sparse-embedding","error_type":"Validation"}""")]
    [InlineData("/", """{"inputs":"x"}""", 413, """{"error":"several models do sentence-embedding or sparse-embedding or reranking or text-classification or zero-shot-classification: mood, nli, rank, sparse, vectors; name one in the path, as /models/mood/..., or start the server with --default-model","error_type":"Validation"}""")]
    [InlineData("/predict", """{"inputs":"x"}""", 413, """{"error":"several models do text-classification or zero-shot-classification: mood, nli; name one in the path, as /models/mood/..., or start the server with --default-model","error_type":"Validation"}""")]
    [InlineData("/models/mood/predict", """{"inputs":[["x"],["x","y"]]}""", 413, """{"error":"'inputs': either every sequence of a batch is a pair, or none is","error_type":"Validation"}""")]
    [InlineData("/rerank", """{"query":"x","texts":[]}""", 413, """{"error":"'texts' must be a list of texts with at least one","error_type":"Validation"}""")]
    [InlineData("/models/vectors/decode", """{"ids":["x"]}""", 413, """{"error":"'ids' must be a list of token numbers, or a list of such lists","error_type":"Validation"}""")]
    [InlineData("/models/mood", """{"input":"x"}""", 400, """{"error":"'inputs' is missing"}""")]
    [InlineData("/models/mood", """{"inputs":"x","parameters":{"topk":1}}""", 400, """{"error":"parameter 'topk' is unknown to the task 'text-classification'; did you mean 'top_k'?"}""")]
    [InlineData("/models/people", """{"inputs":{"data":{"height":[1,2],"weight":[1]}}}""", 400, """{"error":"'inputs.data' must have a list of cells for each column, all equally long and not empty"}""")]
    [InlineData("/models/people", """{"inputs":"x"}""", 400, """{"error":"'inputs' must have a list for each column under 'data', or be a list of rows, each an object or a list of cells"}""")]
    [InlineData("/models/people", """{"inputs":{"data":{"height":[1],"wieght":[1]}}}""", 400, """{"error":"input 'row' element 0: there is no column 'wieght'; did you mean 'weight'?"}""")]
    [InlineData("/models/mood", """{"inputs":5}""", 400, """{"error":"'inputs' must be a text, or a list of texts"}""")]
    [InlineData("/models/mood/predict", """{"inputs":5}""", 413, """{"error":"'inputs' must be a text, a list of a text or two, or a list of such lists","error_type":"Validation"}""")]
    [InlineData("/models/mood", """{"inputs":"x","parameters":[1]}""", 400, """{"error":"'parameters' must be an object, such as {\"top_k\": 1}"}""")]
    [InlineData("/models/mood", "[1]", 400, """{"error":"the request must be a JSON object"}""")]
    [InlineData("/models/mood.graph", """{"inputs":"x"}""", 501, """{"error":"model 'mood.graph' is served by its tensors, not as a task; ask it with POST /v2/models/mood.graph/infer"}""")]
    [InlineData("/models/spans", """{"inputs":{"question":"x"}}""", 400, """{"error":"'inputs': 'context' is missing"}""")]
    public async Task Post_WrongRequest_SaysWhatIsExpected(string path, string request, int status, string expected) =>
        Assert.Equal((status, expected), await server.PostAsync(path, request.Replace("LONG", Long, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{\"inputs\":\"\\ud800\"}")]
    [InlineData("{\"inputs\":[\"\\ud800\"]}")]
    [InlineData("{\"inputs\":\"x\",\"prompt_name\":\"\\ud800\"}")]
    [InlineData("{\"input\\ud800\":\"x\"}")]
    [InlineData("{\"inputs\":{\"source_sentence\\uDC00\":\"x\"}}")]
    [InlineData("{\"inputs\":\"x\",\"parameters\":{\"a\":[{\"to\\ud800pk\":1}]}}")]
    [InlineData("{\"inputs\":\"x\"")]
    [InlineData("\u0000")]
    public async Task Post_BrokenText_IsTheClientsFault(string request)
    {
        foreach (var path in (string[])["/embed", "/models/vectors", "/v1/embeddings", "/models/vectors/tokenize"])
        {
            var (status, _) = await server.PostAsync(path, request);

            Assert.InRange(status, 200, 413);
        }
    }

    [Fact]
    public async Task Post_PictureToATaskOverTexts_SaysWhatIsExpected()
    {
        using var picture = new ByteArrayContent([0x89, 0x50, 0x4E, 0x47]);
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        var (status, body) = await server.PostAsync("/models/mood", picture);

        Assert.Equal((400, """{"error":"the body is of the type 'image/png', and model 'mood' does text-classification, which reads no files; expected JSON with 'inputs'"}"""), (status, body));
    }

    [Fact]
    public async Task Embed_Answer_HasItsTimes()
    {
        using var content = new StringContent("""{"inputs":["one two","one"]}""", Encoding.UTF8, "application/json");
        using var answer = await server.Server.Http.PostAsync(new Uri("/embed", UriKind.Relative), content).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("7", Assert.Single(answer.Headers.GetValues("x-compute-tokens")));
        Assert.Equal("10", Assert.Single(answer.Headers.GetValues("x-compute-characters")));
        foreach (var header in (string[])["x-compute-type", "x-compute-time", "x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time"])
        {
            Assert.True(answer.Headers.Contains(header), header);
        }
    }

    [Fact]
    public async Task Info_Model_SaysWhatItTakes()
    {
        var text = await server.Server.Http.GetStringAsync(new Uri("/models/mood/info", UriKind.Relative)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Contains("""model_type":{"classifier":{"id2label":{"0":"happy","1":"sad"},"label2id":{"happy":0,"sad":1}}}""", text, StringComparison.Ordinal);
        Assert.Contains("\"max_input_length\":16", text, StringComparison.Ordinal);
    }
}
