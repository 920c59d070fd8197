using System.Text;
using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;

namespace Serving.Fuzz.Targets;

/// <summary>model.yaml: read, or refused with the places of all errors.</summary>
internal sealed class ModelYamlTarget : FuzzTarget
{
    private const string Example =
        """
        file: encoder.onnx
        versions: { specific: [1, 2] }
        max_batch_rows: 16
        queue: { max_rows: 100, timeout: 50ms }
        axes:
          input_ids: [batch, length, ~, "length:h", other]
        providers:
          - tensorrt: { trt_fp16_enable: true }
          - cuda
        intra_op_threads: 4
        optimization:
          level: extended
        warmup:
          shapes:
            - { input_ids: [1, 128] }
        custom_ops: [libops.so]
        config: { session.set_denormal_as_zero: "1" }
        """;

    private const string Ensemble =
        """
        steps:
          - model: small
            version: "2"
            inputs: {text: text}
            outputs: {label: small_label, score: small_score}
            parameters: {top_k: 1, deep: [{a: null}, 1.5]}
          - model: large
            when: {tensor: small_score, below: 0.8, above: -1e3}
            inputs: {text: text}
            outputs: {label: label, score: score}
            for_each: [text]
            otherwise: {label: small_label, score: small_score}
        results: [label, score]
        """;

    private const string Task =
        """
        task: { name: token-classification, stride: 16, prompts: {query: "query: "}, labels: [O, B-PER] }
        cache: { max_bytes: 1048576 }
        max_batch_tokens: 8192
        latency_objective: 20ms
        labels: {stable: 1}
        padding: {input_ids: 0}
        outputs: {logits: {labels: labels.txt}}
        """;

    public override string Name => "model-yaml";

    public override int Rounds => 40_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words(
            "{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "  ", "\t", "\"", "'", "\\", "#", "&a ", "*a", "!!str ", "|\n", ">-\n", "~", "? ", "%YAML 1.2\n",
            "---\n", "...\n", "<<: ", "true", "null", "\0", "é", "\r", "\u0085", "\uFEFF", "file: ", "versions: ", "latest: ", "all", "axes:\n ", "batch",
            "length:", "queue: ", "timeout: ", "50ms", "1e5s", "providers: ", "warmup: ", "shapes: ", "level: ", "config: ",
            "steps:\n", "model: ", "inputs: {", "outputs: {", "parameters: {", "for_each: [", "when: {", "tensor: ", "above: ", "below: ", "otherwise: {", "results: [", "task: ", "cache: {", "max_bytes: "),
        [0xFF], [0xC3],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) => [.. Words(Example, Ensemble, Task, "task: fill-mask\n", "versions: all\n", "{}", "", "file: a/b.onnx")];

    public override Verdict Try(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var cost = Cost.Start();
        try
        {
            ModelYamlReader.Read(text, "f");
            return Verdict.Accepted();
        }
        catch (ConfigException error)
        {
            return Verdict.Refused(ConfigErrorChecks.Check(error));
        }
        finally
        {
            cost.AtMost(1_000_000 + (5_000L * input.Length));
        }
    }
}
