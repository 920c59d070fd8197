#!/usr/bin/env bash
# Vectors of two texts: embeddings.sh [SERVER]
set -euo pipefail

server=${1:-http://127.0.0.1:8000}

curl -sS --fail-with-body "$server/v1/embeddings" -H 'Content-Type: application/json' \
  -d '{"model": "vectors", "input": ["a text", "another text"], "dimensions": 4, "encoding_format": "float"}'
echo
