using System.Globalization;

namespace Serving.TestKit.Tasks;

/// <summary>A repository with a small model for each task over texts, recordings and tables, whose answers can be worked out by hand.</summary>
public static class DialectModels
{
    /// <summary>Writes the models: vectors, mood, nli, names, spans, mask, sparse, rank, speech, sounds, voice, people and prices.</summary>
    public static void Save(string repository)
    {
        string Folder(string model) => Path.Combine(repository, model);
        Model(3, "BertModel").Word("one", 2, 0, 0).Word("two", 0, 4, 3).SaveTokens(Folder("vectors"));
        Model(2, "BertForSequenceClassification", "happy", "sad").Word("good", 2, 0).Word("bad", 0, 2).SaveSums(Folder("mood"));
        var nli = Model(3, "BertForSequenceClassification", "contradiction", "neutral", "entailment").Word("sport", -1, 0, 3).Word("art", 1, 0, 1);
        nli.SaveSums(Folder("nli"));
        var names = Model(3, "BertForTokenClassification", "O", "B-PER", "I-PER").Word("[UNK]", 5, 0, 0).Word("Ada", 0, 5, 0).Word("Bob", 0, 5, 0);
        names.SaveTokens(Folder("names"), "logits");
        Model(2, "BertForQuestionAnswering").Word("New", 4, 0).Word("City", 0, 4).SaveSpans(Folder("spans"));
        var mask = Model(7, "BertForMaskedLM").Word("[MASK]", 0, 0, 0, 0, 0, 3, 2).Word("red", 0, 0, 0, 0, 0, 0, 0).Word("green", 0, 0, 0, 0, 0, 0, 0);
        mask.SaveTokens(Folder("mask"), "logits");
        var sparse = Model(3, "BertForMaskedLM").Word("one", 2, -1, 0).Word("two", 0, 4, 3);
        sparse.Files["modules.json"] = new[] { new { type = "sentence_transformers.sparse_encoder.models.SpladePooling" } };
        sparse.SaveTokens(Folder("sparse"), "logits");
        Model(1, "BertForSequenceClassification").Word("cat", 2).Word("dog", -1).SaveSums(Folder("rank"));
        SoundModel.SaveSpelling(Folder("speech"));
        SoundModel.SaveLoudness(Folder("sounds"));
        SoundModel.SaveVoice(Folder("voice"));
        TableModel.SaveClasses(Folder("people"), "{name: tabular-classification, columns: [height, weight]}");
        TableModel.SavePrices(Folder("prices"));
    }

    /// <summary>A model of an architecture that reads up to 16 tokens, with these labels.</summary>
    public static TextModel Model(int size, string architecture, params string[] labels)
    {
        var model = new TextModel(size);
        model.Config["architectures"] = new[] { architecture };
        model.Config["max_position_embeddings"] = 16;
        if (labels.Length > 0)
        {
            model.Config["id2label"] = labels.Select((label, id) => (label, id)).ToDictionary(pair => pair.id.ToString(CultureInfo.InvariantCulture), pair => pair.label);
        }

        return model;
    }
}
