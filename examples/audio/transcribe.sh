#!/usr/bin/env bash
# Writes down what is said: transcribe.sh [RECORDING] [SERVER]. Without a recording it makes one, of two tones.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
recording=${1:-}
server=${2:-http://127.0.0.1:8000}
if [[ -z $recording ]]; then
  recording=$(mktemp --suffix=.wav)
  trap 'rm -f "$recording"' EXIT
  python3 "$here/make.py" "$recording"
fi

echo "As OpenAI's clients ask, with the times of words:"
curl -sS --fail-with-body "$server/v1/audio/transcriptions" -F model=speech -F "file=@$recording" \
  -F response_format=verbose_json -F 'timestamp_granularities[]=word'
echo

echo "As subtitles:"
curl -sS --fail-with-body "$server/v1/audio/transcriptions" -F model=speech -F "file=@$recording" -F response_format=srt

echo "As Hugging Face's clients ask, the file itself as the body:"
curl -sS --fail-with-body "$server/models/speech" -H 'Content-Type: audio/wav' --data-binary "@$recording"
echo

echo "What it sounds like:"
curl -sS --fail-with-body "$server/models/sounds" -H 'Content-Type: audio/wav' --data-binary "@$recording"
echo
