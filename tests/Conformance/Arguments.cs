namespace Serving.Conformance;

/// <summary>The command line: an address, <c>--grpc ADDRESS</c>, <c>--only TEXT</c>; or <c>--write-models FOLDER</c>.</summary>
internal sealed record Arguments(Uri? Address, Uri? Grpc, string Only, string? ModelsFolder)
{
    public const string Usage = """
        usage: dotnet run --project tests/Conformance -- http://HOST:PORT [--grpc http://HOST:PORT] [--only TEXT]
               dotnet run --project tests/Conformance -- --write-models FOLDER

        --grpc          where gRPC is answered; without it the same port where that answers gRPC, else the next
        --only          only cases whose name contains the text
        --write-models  writes the models that the cases call, laid out for Triton and this server
        """;

    /// <summary>Null where the line makes no sense.</summary>
    public static Arguments? Read(IReadOnlyList<string> arguments)
    {
        var read = new Arguments(null, null, "", null);
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--grpc" when Uri.TryCreate(value, UriKind.Absolute, out var grpc):
                    read = read with { Grpc = grpc };
                    i++;
                    break;
                case "--only" when value is not null:
                    read = read with { Only = value };
                    i++;
                    break;
                case "--write-models" when value is not null:
                    read = read with { ModelsFolder = value };
                    i++;
                    break;
                case var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https":
                    read = read with { Address = address };
                    break;
                default:
                    return null;
            }
        }

        return read.Address is null && read.ModelsFolder is null ? null : read;
    }
}
