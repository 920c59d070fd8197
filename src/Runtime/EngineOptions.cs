using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serving.Runtime.Models;

namespace Serving.Runtime;

/// <summary>The host's settings for the engine. Each description is the help text of the option.</summary>
public class EngineOptions
{
    [Description("A folder of models, or of one model. Can be given several times.")]
    public IList<string> Repository { get; } = [];

    [Description("The name under which a repository folder that is itself a model is served. Default: the folder's name.")]
    public string? ModelName { get; set; }

    [Description("poll: follow changes of the files. explicit: load only what is asked for. none: load everything once.")]
    public ModelControlMode ModelControlMode { get; set; } = ModelControlMode.Poll;

    [Description("How often the repositories are looked at.")]
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    [Description("How long a model's files must have been unchanged before they are read, so that no half-copied model is.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(1);

    [Description("Execution providers to try, in this order: tensorrt, cuda, directml, cpu. The first that loads is used.")]
    public IList<string> Providers { get; } = [];

    [Description("Threads that compute, for the whole process. 0: as many as the container's CPU quota allows.")]
    [Range(0, 1024)]
    public int Threads { get; set; }

    [Description("The largest batch formed for a model that does not say otherwise.")]
    [Range(1, 65536)]
    public int MaxBatchRows { get; set; } = 32;

    [Description("How many rows may wait for a model that does not say otherwise. More are refused.")]
    [Range(1, 1_000_000)]
    public int MaxQueueRows { get; set; } = 4096;

    [Description("Not ready while any model of the repository could not be loaded.")]
    public bool StrictReadiness { get; set; }

    [Description("The longest that the probe of a model's axes may take.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(20);

    [Description("A file that takes the arrivals of all requests, at most 256 MiB, to replay them with 'simulate'. It is written anew. Default: none.")]
    public string? RecordArrivals { get; set; }
}
