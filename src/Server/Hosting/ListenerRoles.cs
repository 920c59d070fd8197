namespace Serving.Server.Hosting;

/// <summary>What a port is for.</summary>
[Flags]
internal enum ListenerRoles : byte
{
    None = 0,
    Rest = 1,
    Grpc = 2,
    Metrics = 4,
    All = Rest | Grpc | Metrics,
}
