// Compares the throughput on one core with the reference library's, on the same texts in one run:
//
//   npm ci && dotnet build tests/TokenizerBench -c Release && node throughput.mjs TEXTS [TOKENIZER.json ...]
//
// TEXTS is a JSON array of strings. Both sides tokenize all of them ROUNDS times, in turns, and the best round counts.
// The library is asked with encodeBatch, a hundred texts a call, so that crossing from JavaScript costs it next to nothing,
// and on one thread.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

process.env.RAYON_NUM_THREADS = '1';
process.env.TOKENIZERS_PARALLELISM = 'false';
const { Tokenizer } = await import('@anush008/tokenizers');

const ROUNDS = 5;
const TURNS = 3;
const [textsFile, ...files] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(textsFile, 'utf8'));
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const bench = fileURLToPath(new URL('../../../artifacts/bin/TokenizerBench/release/Serving.TokenizerBench', import.meta.url));
const zoo = ['wordpiece', 'bytelevel-bpe'].map(name => fileURLToPath(new URL(`../zoo/${name}.tokenizer.json`, import.meta.url)));

for (const file of files.length > 0 ? files : zoo) {
  const tokenizer = Tokenizer.fromString(readFileSync(file, 'utf8'));
  let theirs = 0;
  let ours = { megabytesPerSecond: 0 };
  for (let turn = 0; turn < TURNS; turn++) {
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      for (let i = 0; i < texts.length; i += 100) {
        await tokenizer.encodeBatch(texts.slice(i, i + 100));
      }
      theirs = Math.max(theirs, bytes / (performance.now() - start) / 1e3);
    }
    const result = JSON.parse(execFileSync(bench, [file, textsFile, String(2 * ROUNDS)], { encoding: 'utf8' }));
    ours = result.megabytesPerSecond > ours.megabytesPerSecond ? result : ours;
  }
  console.log(`${file.split('/').slice(-1)[0]}: reference ${theirs.toFixed(2)} MB/s, ours ${ours.megabytesPerSecond} MB/s, `
    + `${(ours.megabytesPerSecond / theirs).toFixed(2)} times as much; ${ours.bytesPerToken} bytes allocated a token`);
}
