#!/usr/bin/env bash
# Asks the server about itself and about one chunk of silence: ./infer.sh [URL]
set -euo pipefail

url=${1:-http://localhost:8000}

# What the model takes and gives.
curl --silent --show-error --fail-with-body "$url/v2/models/silero-vad"
echo

# The numbers of a chunk (64 samples of context and 512 new ones) and of a fresh state, all zero.
zeros() { printf '0,%.0s' $(seq "$1") | sed 's/,$//'; }

curl --silent --show-error --fail-with-body "$url/v2/models/silero-vad/infer" \
  --header 'Content-Type: application/json' --header 'X-Server-Timing: 1' --data @- <<JSON
{
  "inputs": [
    { "name": "input", "datatype": "FP32", "shape": [1, 576], "data": [$(zeros 576)] },
    { "name": "state", "datatype": "FP32", "shape": [2, 1, 128], "data": [$(zeros 256)] },
    { "name": "sr", "datatype": "INT64", "shape": [], "data": [16000] }
  ],
  "outputs": [{ "name": "output" }]
}
JSON
echo
