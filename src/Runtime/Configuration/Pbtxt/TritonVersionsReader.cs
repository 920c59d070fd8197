namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>version_policy</c>.</summary>
internal sealed class TritonVersionsReader
{
    private const string Path = "version_policy";

    private readonly TritonNotes _notes;

    public TritonVersionsReader(TritonNotes notes) => _notes = notes;

    public VersionPolicy? Read(PbtxtNode.Message root)
    {
        var policy = root.Child(Path);
        if (policy.Fields.Length > 1)
        {
            _notes.Errors.Add(policy.At, Path, "only one policy can be given; allowed is latest, all or specific");
        }

        if (policy.One("all") is not null)
        {
            return new VersionPolicy.All();
        }

        if (policy.One("specific") is PbtxtNode.Message specific)
        {
            return ReadSpecific(specific);
        }

        return policy.One("latest") is PbtxtNode.Message latest ? ReadLatest(latest) : null;
    }

    private VersionPolicy.Latest ReadLatest(PbtxtNode.Message latest)
    {
        var node = latest.One("num_versions");
        var count = _notes.Integer(node, $"{Path}.latest.num_versions", 0, int.MaxValue) ?? 1;
        return new VersionPolicy.Latest((int)Math.Max(1, count));
    }

    private VersionPolicy.Specific ReadSpecific(PbtxtNode.Message specific)
    {
        var versions = specific.All("versions").Select(node => _notes.Integer(node, $"{Path}.specific.versions", 1, long.MaxValue)).ToList();
        if (versions.Count == 0)
        {
            _notes.Errors.Add(specific.At, $"{Path}.specific.versions", "no version is given; allowed is a list such as [1, 2]");
        }

        return new VersionPolicy.Specific([.. versions.OfType<long>().Distinct().Order()]);
    }
}
