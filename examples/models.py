"""Makes a folder with a small model for each of the examples: models.py FOLDER

The graphs are those of the tests: real architectures without training, so that what they answer has the right shape and means
nothing. What they are beside is what exports of Hugging Face have: put real ones in their place and nothing else changes.
"""
import json
import pathlib
import shutil
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKENIZER = ROOT / "tests/tokenizers/zoo/wordpiece.tokenizer.json"
MOODS = ["calm", "glad", "sad", "angry", "bored"]
LETTERS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAONIHSRDLUMWCFGYPBVK'XJQZ"]


def model(folder, name, zoo, config, tokenizer=True, **files):
    """A folder with a graph of the zoo, a config.json, and other files by the names that they have without .json."""
    target = folder / name
    target.mkdir(parents=True)
    group = zoo.split("/")[0]
    with zipfile.ZipFile(ROOT / f"tests/zoo/{group}.zip") as archive, archive.open(f"{zoo}/model.onnx") as graph:
        with open(target / "model.onnx", "wb") as copy:
            shutil.copyfileobj(graph, copy)

    if tokenizer:
        shutil.copy(TOKENIZER, target / "tokenizer.json")

    for file, content in {"config": config, **files}.items():
        (target / f"{file}.json").write_text(json.dumps(content, indent=2))


def labels(names):
    return {str(i): name for i, name in enumerate(names)}


def main(folder):
    model(folder, "vectors", "text/minilm-sentence-embedding", {"architectures": ["BertModel"], "max_position_embeddings": 64})
    model(folder, "rank", "text/electra-reranker", {"architectures": ["ElectraForSequenceClassification"], "id2label": labels(["LABEL_0"]), "max_position_embeddings": 64})
    model(folder, "mood", "text/bert-sequence-classification", {"architectures": ["BertForSequenceClassification"], "id2label": labels(MOODS), "max_position_embeddings": 64})
    model(
        folder, "speech", "audio/wav2vec2-ctc", {"architectures": ["Wav2Vec2ForCTC"], "pad_token_id": 0}, tokenizer=False,
        preprocessor_config={"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 16000, "do_normalize": True},
        vocab={letter: i for i, letter in enumerate(LETTERS)})
    model(
        folder, "sounds", "audio/audio-spectrogram-transformer", {"architectures": ["ASTForAudioClassification"], "id2label": labels(f"sound-{i}" for i in range(10))}, tokenizer=False,
        preprocessor_config={"feature_extractor_type": "ASTFeatureExtractor", "sampling_rate": 16000, "num_mel_bins": 32, "max_length": 64})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])

    main(pathlib.Path(sys.argv[1]))
