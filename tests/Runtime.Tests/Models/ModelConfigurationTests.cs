using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tests.Batching;

namespace Serving.Runtime.Tests.Models;

public sealed class ModelConfigurationTests
{
    [Fact]
    public async Task GetConfiguration_RowsOnTheFirstAxisOfAll_LeavesItOutOfTheDims()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.MaxBatchRows = 24);

        var configuration = Read(fixture, "SQUARE");

        Assert.Equal(("square", "model.onnx", null, 24), (configuration.Name, configuration.FileName, configuration.Device, configuration.MaxBatchSize));
        Assert.Equal(VersionPolicy.Default, configuration.Versions);
        Assert.Equal([-1], Assert.Single(configuration.Inputs).Dims);
        Assert.Equal([-1], Assert.Single(configuration.Outputs).Dims);
        AssertFitsMetadata(fixture, configuration);
    }

    [Theory]
    [InlineData("inner")]
    [InlineData("centred")]
    [InlineData("scaled")]
    [InlineData("single")]
    public async Task GetConfiguration_RowsElsewhereOrAlone_HasFullDimsAndNoBatch(string model)
    {
        // The batch on the second axis; none that passes the probe; one input for all rows; batches forbidden.
        using var folder = TestModels.Save(
            ("inner", TestModels.InnerBatch()), ("centred", TestModels.CentredOverBatch()), ("scaled", TestModels.Scaled()), ("single", TestModels.Square()));
        folder.Write("single/config.pbtxt", "max_batch_size: 1");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var configuration = Read(fixture, model);

        Assert.Equal(0, configuration.MaxBatchSize);
        AssertFitsMetadata(fixture, configuration);
    }

    [Fact]
    public async Task GetConfiguration_OfWhatIsWritten_HasItAll()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        File.Move(folder["model/1/model.onnx"], folder["model/1/other.onnx"]);
        folder.Write("model/labels.txt", "a\nb").Write(
            "model/config.pbtxt",
            """
            max_batch_size: 6
            version_policy { all {} }
            input { name: "x" data_type: TYPE_FP32 format: FORMAT_NCHW dims: [ -1 ] }
            output { name: "y" data_type: TYPE_FP32 dims: [ -1 ] label_filename: "labels.txt" }
            dynamic_batching { default_queue_policy { max_queue_size: 10 default_timeout_microseconds: 5000 } }
            """);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var configuration = Read(fixture, "model", "1");

        Assert.Equal(("other.onnx", 6, 10, TimeSpan.FromMilliseconds(5)), (configuration.FileName, configuration.MaxBatchSize, configuration.MaxQueueRows, configuration.QueueTimeout));
        Assert.IsType<VersionPolicy.All>(configuration.Versions);
        Assert.Equal("labels.txt", Assert.Single(configuration.Outputs).LabelFile);
        Assert.Equal(TensorFormat.Nchw, Assert.Single(configuration.Inputs).Format);
        Assert.Equal(6, configuration.Written.MaxBatchRows);
    }

    [Fact]
    public async Task GetConfiguration_NotServed_SaysWhy()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.ModelControlMode = ModelControlMode.Explicit);

        Assert.Equal(InferenceError.NotReady, fixture.Engine.GetConfiguration("model").Failure?.Error);
        Assert.Equal(InferenceError.NotFound, fixture.Engine.GetConfiguration("model", "2").Failure?.Error);
        Assert.Equal(InferenceError.NotFound, fixture.Engine.GetConfiguration("nobody").Failure?.Error);
    }

    [Theory]
    [InlineData("plain.onnx", "plain", "plain.onnx")]
    [InlineData("unversioned/model.onnx", "unversioned", "model.onnx")]
    [InlineData("export/onnx/model.onnx", "export", "onnx/model.onnx")]
    [InlineData("versioned/12/onnx/model.onnx", "versioned", "onnx/model.onnx")]
    public async Task GetConfiguration_OfEachLayout_NamesTheFileAsAConfigurationWould(string path, string model, string expected)
    {
        using var folder = new Repository.ScratchFolder();
        TestModels.Square().Save(folder[path]);
        TestModels.Square().Save(folder["neighbour/1/model.onnx"]);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Equal(expected, Read(fixture, model).FileName);
    }

    /// <summary>perf_analyzer compares the two in this way.</summary>
    private static void AssertFitsMetadata(EngineFixture fixture, ModelConfiguration configuration)
    {
        Assert.True(fixture.Engine.GetMetadata(configuration.Name).TryGetValue(out var metadata, out _));
        long[] batch = configuration.MaxBatchSize > 0 ? [-1] : [];
        Assert.Equal(metadata!.Inputs.Select(tensor => tensor.Name), configuration.Inputs.Select(tensor => tensor.Signature.Name));
        Assert.Equal(metadata.Inputs.Select(tensor => tensor.Shape.ToArray()), configuration.Inputs.Select(tensor => batch.Concat(tensor.Dims).ToArray()));
        Assert.Equal(metadata.Outputs.Select(tensor => tensor.Shape.ToArray()), configuration.Outputs.Select(tensor => batch.Concat(tensor.Dims).ToArray()));
    }

    private static ModelConfiguration Read(EngineFixture fixture, string model, string? version = null)
    {
        Assert.True(fixture.Engine.GetConfiguration(model, version).TryGetValue(out var configuration, out var failure), failure?.ToString());
        return configuration!;
    }
}
