#!/usr/bin/env bash
# The calls of text-embeddings-inference: ask.sh [SERVER]
set -euo pipefail

server=${1:-http://127.0.0.1:8000}

ask() {
  echo "$1"
  curl -sS --fail-with-body "$server$1" -H 'Content-Type: application/json' -d "$2" | cut -c 1-200
  echo
}

ask /embed '{"inputs": ["What is deep learning?", "A text"], "truncate": true}'
ask /similarity '{"inputs": {"source_sentence": "a cat", "sentences": ["a dog", "a car"]}}'
ask /rerank '{"query": "How do I cook rice?", "texts": ["Trains leave at nine.", "Rinse the grains, then simmer."], "return_text": true}'
ask /predict '{"inputs": "What a day!"}'
ask /models/vectors/tokenize '{"inputs": "What a day!", "add_special_tokens": false}'
