using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi;

/// <summary>What OpenAI's and Cohere's clients call; the list of models is a path that they share with others.</summary>
internal static class OpenAiEndpoints
{
    public static IEndpointRouteBuilder MapOpenAi(this IEndpointRouteBuilder routes, TaskCaller caller)
    {
        new EmbeddingsEndpoint(caller).Map(routes);
        new RerankEndpoint(caller).Map(routes);
        return routes;
    }
}
