using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tests.Configuration;

public sealed class ModelYamlReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void Read_NothingGiven_IsEmpty(string text)
    {
        var config = ModelYamlReader.Read(text, "model.yaml");

        Assert.Equal(ModelConfig.Empty with { Source = "model.yaml" }, config);
    }

    [Fact]
    public void Read_EveryKey_IsRead()
    {
        var config = ModelYamlReader.Read(
            """
            file: encoder.onnx
            versions: { latest: 2 }
            labels: { stable: 3, v1.2-rc_1: 4 }
            max_batch_rows: 16
            queue: { max_rows: 100, timeout: 50ms }
            axes:
              input_ids: [batch, length]
              pixels: [batch, ~, "length:h", length:w, classes]
            providers:
              - tensorrt: { trt_fp16_enable: true, trt_engine_cache_path: /tmp/cache }
              - cuda
              - cpu:
            intra_op_threads: 4
            optimization: { level: extended }
            warmup:
              shapes:
                - { input_ids: [1, 128], mask: [] }
            outputs: { scores: { labels: en/labels.txt }, boxes: {} }
            custom_ops: [libops.so]
            config:
              session.set_denormal_as_zero: true
              session.dynamic_block_base: 4
              ep.context: "true"
            """,
            "model.yaml");

        Assert.Equal("encoder.onnx", config.File);
        Assert.Equal(new VersionPolicy.Latest(2), config.Versions);
        Assert.Equal([("stable", 3L), ("v1.2-rc_1", 4L)], config.VersionLabels.Select(label => (label.Key, label.Value)));
        Assert.Equal(16, config.MaxBatchRows);
        Assert.Equal(100, config.MaxQueueRows);
        Assert.Equal(TimeSpan.FromMilliseconds(50), config.QueueTimeout);
        Assert.Equal([new("batch", AxisRole.Batch), new("length", AxisRole.Length)], config.Axes["input_ids"].ToArray());
        Assert.Equal(
            [new("batch", AxisRole.Batch), new("", AxisRole.Other), new("h", AxisRole.Length), new("w", AxisRole.Length), new("classes", AxisRole.Other)],
            config.Axes["pixels"].ToArray());
        Assert.Equal(["tensorrt", "cuda", "cpu"], config.Providers.Select(p => p.Name));
        Assert.Equal("1", config.Providers[0].Options["trt_fp16_enable"]);
        Assert.Equal("/tmp/cache", config.Providers[0].Options["trt_engine_cache_path"]);
        Assert.Equal(4, config.IntraOpThreads);
        Assert.Equal(OptimizationLevel.Extended, config.Optimization);
        Assert.Equal([1, 128], Assert.Single(config.WarmupShapes)["input_ids"].ToArray());
        Assert.Empty(config.WarmupShapes[0]["mask"]);
        Assert.Equal([("scores", "en/labels.txt")], config.Labels.Select(l => (l.Key, l.Value)));
        Assert.Equal(["libops.so"], config.CustomOps.ToArray());
        Assert.Equal("1", config.SessionEntries["session.set_denormal_as_zero"]);
        Assert.Equal("4", config.SessionEntries["session.dynamic_block_base"]);
        Assert.Equal("true", config.SessionEntries["ep.context"]);
    }

    [Fact]
    public void Read_VersionPolicies_AreRead()
    {
        Assert.IsType<VersionPolicy.All>(ModelYamlReader.Read("versions: all", "f").Versions);
        var specific = Assert.IsType<VersionPolicy.Specific>(ModelYamlReader.Read("versions: {specific: [3, 1, 3]}", "f").Versions);
        Assert.Equal([1, 3], specific.Versions.ToArray());
    }

    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("2s", 2_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("24h", 86_400_000)]
    public void Read_Duration_IsRead(string text, int milliseconds)
    {
        var config = ModelYamlReader.Read($"queue: {{timeout: {text}}}", "f");

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), config.QueueTimeout);
    }

    [Theory]
    [InlineData("max_batch_row: 3", "'max_batch_row' (line 1, column 1): unknown key; did you mean 'max_batch_rows'?")]
    [InlineData("Max-Batch-Rows: 3", "did you mean 'max_batch_rows'?")]
    [InlineData("zzzzzzzzz: 3", "known are: file, versions, labels, max_batch_rows, max_batch_tokens, latency_objective, queue")]
    [InlineData("queue: {timeot: 1s}", "'queue.timeot' (line 1, column 9): unknown key; did you mean 'timeout'?")]
    [InlineData("max_batch_rows: 1\nmax_batch_rows: 2", "max_batch_rows (line 2, column 1): the key is given twice, first in line 1")]
    [InlineData("config: {a: 1, a: 2}", "config.a (line 1, column 16): the key is given twice")]
    [InlineData("max_batch_rows: 0", "max_batch_rows (line 1, column 17): '0' is not allowed; allowed is an integer from 1 to 65536")]
    [InlineData("max_batch_rows: many", "'many' is not allowed; allowed is an integer from 1 to 65536")]
    [InlineData("max_batch_rows: 99999999999999999999", "allowed is an integer from 1 to 65536")]
    [InlineData("max_batch_rows:", "an empty value is not allowed")]
    [InlineData("max_batch_rows: [1]", "a list is not allowed")]
    [InlineData("queue: 3", "queue (line 1, column 8): '3' is not allowed; allowed is a map with the keys max_rows, timeout")]
    [InlineData("queue: {timeout: 50}", "queue.timeout (line 1, column 18): '50' is not allowed; allowed is a duration")]
    [InlineData("queue: {timeout: 0s}", "'0s' is not allowed")]
    [InlineData("queue: {timeout: 25h}", "'25h' is not allowed")]
    [InlineData("queue: {timeout: -1s}", "'-1s' is not allowed")]
    [InlineData("versions: latest", "'latest' is not allowed; allowed is 'all', 'latest: N' or 'specific: [1, 2]'")]
    [InlineData("versions: {latest: 1, specific: [1]}", "only one policy can be given")]
    [InlineData("labels: {stable: 0}", "labels.stable (line 1, column 18): '0' is not allowed; allowed is an integer of at least 1")]
    [InlineData("labels: {stable: [1]}", "labels.stable (line 1, column 18): a list is not allowed")]
    [InlineData("labels: {7: 1}", "labels.7 (line 1, column 13): the label is not allowed")]
    [InlineData("labels: {a b: 1}", "labels.a b (line 1, column 15): the label is not allowed")]
    [InlineData("labels: {'': 1}", "the label is not allowed")]
    [InlineData("labels: {a: 1, a: 2}", "labels.a (line 1, column 16): the key is given twice")]
    [InlineData("labels: [stable]", "a list is not allowed; allowed is a map from label to version, such as {stable: 3, canary: 4}")]
    [InlineData("versions: {specific: [0]}", "versions.specific[0]")]
    [InlineData("versions: {specific: []}", "a list is not allowed; allowed is a list of versions such as [1, 2]")]
    [InlineData("axes: {x: [batch, batch]}", "one batch axis per tensor")]
    [InlineData("axes: {x: [Batch]}", "axes.x[0] (line 1, column 12): 'Batch' is not allowed")]
    [InlineData("axes: {x: batch}", "axes.x (line 1, column 11)")]
    [InlineData("axes: {x: [{length: h}]}", "no blank after the colon")]
    [InlineData("providers: cuda", "allowed is a list such as [cuda, cpu]")]
    [InlineData("providers: [openvino]", "'openvino' is no provider; allowed are tensorrt, cuda, directml, cpu")]
    [InlineData("providers: [cpu, cpu]", "providers[1] (line 1, column 18): 'cpu' is not allowed; allowed is each provider once")]
    [InlineData("providers: [{cuda: {device_id: []}}]", "providers[0].cuda.device_id")]
    [InlineData("optimization: {level: most}", "'most' is not allowed; allowed is none, basic, extended or all")]
    [InlineData("warmup: {shapes: [{x: [-1]}]}", "warmup.shapes[0].x[0]")]
    [InlineData("file: ../other.onnx", "stays inside the folder")]
    [InlineData("file: /etc/passwd", "stays inside the folder")]
    [InlineData("a: 1\n---\nb: 2", "line 2, column 1: a second document begins here")]
    [InlineData("- a", "a list is not allowed; allowed is a map")]
    [InlineData("file: &a x.onnx", "anchors are not supported")]
    [InlineData("file: *a", "not valid YAML|aliases such as '*a' are not supported")]
    [InlineData("file: !!str x.onnx", "tags such as 'tag:yaml.org,2002:str' are not supported")]
    [InlineData("file: [", "this is no valid YAML")]
    [InlineData("? [a]\n: 1", "a list cannot be a key")]
    [InlineData("outputs: labels.txt", "outputs (line 1")]
    [InlineData("outputs: {x: labels.txt}", "outputs.x (line 1, column 14): 'labels.txt' is not allowed; allowed is a map with the keys labels")]
    [InlineData("outputs: {x: {label: l.txt}}", "'outputs.x.label' (line 1, column 15): unknown key; did you mean 'labels'?")]
    [InlineData("outputs: {x: {labels: ../l.txt}}", "outputs.x.labels (line 1, column 23): '../l.txt' is not allowed")]
    [InlineData("outputs: {x: {labels: [a]}}", "outputs.x.labels (line 1, column 23): a list is not allowed; allowed is a file name such as labels.txt")]
    public void Read_WrongValue_SaysWhatIsAllowed(string text, string message)
    {
        var error = Assert.Throws<ConfigException>(() => ModelYamlReader.Read(text, "bert/model.yaml"));

        Assert.StartsWith("bert/model.yaml: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message.Split('|'), m => error.Message.Contains(m, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sessions: 2", "sessions")]
    [InlineData("optimization: {precision: fp16}", "optimization.precision")]
    [InlineData("warmup: {files: [a]}", "warmup.files")]
    [InlineData("state: {}", "state")]
    public void Read_KeyOfALaterVersion_IsRefusedByName(string text, string key)
    {
        var error = Assert.Throws<ConfigException>(() => ModelYamlReader.Read(text, "f"));

        Assert.StartsWith($"{key} (line 1, column ", Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.EndsWith("not supported by this version of the server", error.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralErrors_AllAreReportedInOrder()
    {
        var error = Assert.Throws<ConfigException>(() => ModelYamlReader.Read("max_batch_rows: 0\nqueue:\n  timeout: soon\nstate: {}\nprovider: [cuda]", "f"));

        Assert.Equal(4, error.Errors.Count);
        Assert.StartsWith("max_batch_rows (line 1,", error.Errors[0], StringComparison.Ordinal);
        Assert.StartsWith("queue.timeout (line 3, column 12)", error.Errors[1], StringComparison.Ordinal);
        Assert.StartsWith("state (line 4,", error.Errors[2], StringComparison.Ordinal);
        Assert.StartsWith("'provider' (line 5,", error.Errors[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Read_DeepNesting_IsRefused(char open)
    {
        Assert.Throws<ConfigException>(() => ModelYamlReader.Read("config: " + new string(open, 100_000), "f"));
    }

    [Fact]
    public void Read_HugeFile_IsRefused()
    {
        var error = Assert.Throws<ConfigException>(() => ModelYamlReader.Read(new string('#', (1 << 20) + 1), "f"));

        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }
}
