// Writes reference cases: for every tokenizer (tokenizers.mjs) what the reference library makes of random texts.
//
//   npm ci && node make.mjs OUT [TEXTS] [SEED] [NAME...]
//
// (a NAME may also be NAME=FILE, another tokenizer.json)
//
// writes OUT/NAME.tokenizer.json and OUT/NAME.cases.json for TEXTS texts (100), every fourth of them a pair. The cases in
// references.zip were made with the defaults. To compare more: node make.mjs /tmp/cases 1500 7, then
// SERVING_TOKENIZER_CASES=/tmp/cases dotnet test tests/Runtime.Tests --filter FullyQualifiedName~ReferenceTests
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Tokenizer } from '@anush008/tokenizers';
import { generator } from './random.mjs';
import { tokenizers } from './tokenizers.mjs';

const [out, texts = '100', seed = '1', ...only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

const encoded = encoding => ({
  ids: encoding.getIds(), tokens: encoding.getTokens(), offsets: encoding.getOffsets(), types: encoding.getTypeIds(), mask: encoding.getAttentionMask(),
  special: encoding.getSpecialTokensMask(), words: encoding.getWordIds().map(word => word ?? -1),
});

const wanted = only.length === 0 ? Object.keys(tokenizers) : only;
let total = 0;
for (const [name, file] of wanted.map(one => one.split('='))) {
  const json = file ? readFileSync(file, 'utf8') : JSON.stringify(tokenizers[name]);
  const tokenizer = Tokenizer.fromString(json);
  const random = generator(Number(seed) * 1000 + name.length * 31 + name.charCodeAt(name.length - 1));
  const cases = [];
  while (cases.length < Number(texts)) {
    const text = random.text();
    const pair = random.below(4) === 0 ? random.text() : null;
    const special = random.below(5) > 0;
    try {
      const encoding = await tokenizer.encode(text, pair, { addSpecialTokens: special });
      const ids = encoding.getIds();
      cases.push({ text, pair, add: special, ...encoded(encoding), overflow: encoding.getOverflowing().map(encoded),
        decoded: await tokenizer.decode(ids, false), skipped: await tokenizer.decode(ids, true) });
    } catch (error) {
      cases.push({ text, pair, add: special, error: error.message });
    }
  }
  total += cases.length;
  writeFileSync(`${out}/${name}.tokenizer.json`, json);
  writeFileSync(`${out}/${name}.cases.json`, JSON.stringify(cases));
}
console.log(`${total} cases of ${wanted.length} tokenizers`);
