#!/usr/bin/env bash
# Reads a picture: read.sh [PICTURE] [SERVER]. The picture travels as base64, because JSON has only text.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
picture=${1:-$here/receipt.png}
server=${2:-http://127.0.0.1:8000}

printf '{"inputs": [{"name": "image", "datatype": "BYTES", "shape": [1], "data": ["%s"]}], "outputs": [{"name": "text"}]}' "$(base64 -w0 "$picture")" |
  curl -sS --fail-with-body "$server/v2/models/ocr/infer" -H 'Content-Type: application/json' --data-binary @- |
  node -e 'let all = ""; process.stdin.on("data", part => all += part).on("end", () => JSON.parse(all).outputs[0].data.forEach(line => console.log(line)))'
