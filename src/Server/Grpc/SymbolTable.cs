using Google.Protobuf.Reflection;

namespace Serving.Server.Grpc;

/// <summary>Which file declares what: services, methods, messages, fields, enums and their values, by full name.</summary>
internal static class SymbolTable
{
    public static IReadOnlyDictionary<string, FileDescriptor> Files { get; } = Build();

    private static Dictionary<string, FileDescriptor> Build()
    {
        var symbols = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        foreach (var file in ServiceDescriptors.Files.Values)
        {
            foreach (var name in Declared(file))
            {
                symbols[name] = file;
            }
        }

        return symbols;
    }

    private static IEnumerable<string> Declared(FileDescriptor file) =>
        file.Services.SelectMany(service => service.Methods.Select(method => method.FullName).Append(service.FullName))
            .Concat(file.MessageTypes.SelectMany(Declared))
            .Concat(file.EnumTypes.SelectMany(Declared));

    private static IEnumerable<string> Declared(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(Declared)
            .Concat(message.EnumTypes.SelectMany(Declared))
            .Concat(message.Fields.InDeclarationOrder().Select(field => field.FullName))
            .Append(message.FullName);

    private static IEnumerable<string> Declared(EnumDescriptor type) => type.Values.Select(value => value.FullName).Append(type.FullName);
}
