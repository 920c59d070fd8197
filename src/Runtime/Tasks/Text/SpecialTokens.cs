using Serving.Runtime.Tasks.Finding;

namespace Serving.Runtime.Tasks.Text;

/// <summary>The tokens with a meaning of their own that a tokenizer's files name.</summary>
internal static class SpecialTokens
{
    /// <summary>The text of a token such as <c>mask_token</c>; null where no file names it.</summary>
    public static string? Find(TaskMaterial material, string name)
    {
        foreach (var file in (string[])["tokenizer_config.json", "special_tokens_map.json"])
        {
            var token = material.Files.ReadJson(file).Field(name);
            if ((token.AsText() ?? token.Field("content").AsText()) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }
}
