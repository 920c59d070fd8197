// The tokenizers of the reference cases: every component and every option of each, in the company that it keeps in models.
import { readFileSync } from 'node:fs';
import { nfkc } from './charsmap.mjs';

const zoo = name => JSON.parse(readFileSync(new URL(`../zoo/${name}.tokenizer.json`, import.meta.url)));

const bare = parts => ({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts,
});
const token = (id, content, options) => ({
  id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...options,
});

// Shows the text of each character as it was normalized, and what it stands for: all are unknown to a model that says so.
const mirror = parts => bare({
  pre_tokenizer: { type: 'FixedLength', length: 1 }, model: { type: 'Unigram', unk_id: 0, byte_fallback: false, vocab: [['<unk>', 0], ['a', -1]] }, ...parts,
});
// Shows the pieces that a text is split into.
const pieces = preTokenizer => mirror({ pre_tokenizer: preTokenizer });

const bert = zoo('wordpiece');
const gpt = zoo('bytelevel-bpe');
const bertVocabulary = bert.model.vocab;

const words = Object.keys(bertVocabulary).map(word => word.replace('##', '')).filter(word => !word.startsWith('['));
const letters = [...new Set([...words.join(''), ...'ABCDEFGHIJKLMNOPQRSTUVWXYZéèüñçаеиоуλμ日本中文한국'])];
const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);

const scored = (list, from) => list.map((text, i) => [text, from - Math.log(2 + i)]);
const unigram = options => ({
  type: 'Unigram', unk_id: 2, byte_fallback: false,
  vocab: [['<s>', 0], ['</s>', 0], ['<unk>', 0],
    ...scored([...new Set(words.flatMap(word => (word.length > 1 ? [`▁${word}`, word] : [])))], -4), ...scored(['▁', ...letters], -7)],
  ...options,
});

// Merges that build each word from its letters, left to right, as a trained model's would.
function bpe({ mark = '', suffix = '', prefix = '', extra = [], ...options }) {
  const vocab = {};
  const merges = [];
  const add = text => (vocab[text] ??= Object.keys(vocab).length);
  ['<unk>', '<s>', '</s>', ...extra].forEach(add);
  ['▁', ' ', ...letters].forEach(letter => {
    add(letter);
    if (suffix) add(letter + suffix);
    if (prefix) add(prefix + letter);
  });
  for (const word of words.filter(word => word.length > 1 && word.length < 9).slice(0, 1500)) {
    const symbols = [...mark, ...word].map((c, i, all) => (i > 0 ? prefix : '') + c + (i === all.length - 1 ? suffix : ''));
    while (symbols.length > 1) {
      const at = symbols.length % 2 ? 0 : symbols.length - 2;
      const [left, right] = symbols.slice(at, at + 2);
      const merged = left + right.slice(prefix.length);
      if (!(merged in vocab)) {
        add(merged);
        merges.push(symbols.length % 3 ? [left, right] : [left, right]);
      }
      symbols.splice(at, 2, merged);
    }
  }
  return { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: prefix || null, end_of_word_suffix: suffix || null,
    fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges, ...options };
}

const wordPiece = options => ({ ...bert, ...options });
const normalizer = config => mirror({ normalizer: config });
const sequence = (...normalizers) => ({ type: 'Sequence', normalizers });
const steps = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const split = (pattern, behavior, invert = false) => ({ type: 'Split', pattern, behavior, invert });
const regex = text => ({ Regex: text });

const gptPattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const o200k = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const clip = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;

const frame = { type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
  pair: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } },
    { SpecialToken: { id: '</s>', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }, { SpecialToken: { id: '</s>', type_id: 1 } }],
  special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] }, '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } } };

const oddTokens = [
  token(2, '[CLS]', { special: true }), token(3, '[SEP]', { special: true }), token(4000, '<mask>', { lstrip: true, special: true }),
  token(4001, '<added>', { rstrip: true }), token(4002, 'Wort', { single_word: true }), token(4003, 'NORM', { normalized: true }),
  token(4004, 'é<x>', { normalized: true, lstrip: true, rstrip: true }), token(4005, '<|endoftext|>', { single_word: true, lstrip: true, rstrip: true, special: true }),
];
const truncated = (tokenizer, options) => ({ ...tokenizer, truncation: { max_length: 12, strategy: 'LongestFirst', stride: 0, direction: 'Right', ...options } });
const padded = (tokenizer, options) => ({ ...tokenizer,
  padding: { strategy: 'BatchLongest', direction: 'Right', pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: '[PAD]', ...options } });

const all = {
  'zoo-wordpiece': bert,
  'zoo-bytelevel': gpt,
  'wordpiece-cased': wordPiece({ normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: false } }),
  'wordpiece-plain': wordPiece({ normalizer: { type: 'BertNormalizer', clean_text: false, handle_chinese_chars: false, strip_accents: true, lowercase: false } }),
  'wordpiece-accents': wordPiece({ normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: false, strip_accents: false, lowercase: true } }),
  'wordpiece-added': wordPiece({ added_tokens: oddTokens }),
  'wordpiece-short': wordPiece({ model: { ...bert.model, max_input_chars_per_word: 5 }, decoder: { type: 'WordPiece', prefix: '##', cleanup: false } }),
  'bert-processing': wordPiece({ post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] } }),
  'bert-truncated': truncated(bert, { stride: 3 }),
  'bert-truncated-left': truncated(bert, { direction: 'Left', stride: 2 }),
  'bert-only-first': truncated(wordPiece({ post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] } }), { strategy: 'OnlyFirst', max_length: 40 }),
  'bert-only-second': truncated(bert, { strategy: 'OnlySecond', max_length: 40, stride: 1 }),
  'bert-padded': padded(bert, { pad_to_multiple_of: 8 }),
  'bert-fixed-left': padded(truncated(bert, { max_length: 16 }), { strategy: { Fixed: 16 }, direction: 'Left', pad_id: 7, pad_type_id: 3, pad_token: '<fill>' }),
  'roberta-prefix': { ...gpt, pre_tokenizer: { ...gpt.pre_tokenizer, add_prefix_space: true }, post_processor: { ...gpt.post_processor, add_prefix_space: true } },
  'roberta-untrimmed': truncated({ ...gpt, post_processor: { ...gpt.post_processor, trim_offsets: false } }, { max_length: 20, stride: 4 }),
  'gpt-added': { ...gpt, post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    added_tokens: [...gpt.added_tokens, token(4000, 'Wort', { single_word: true }), token(4001, '[MASK]', { lstrip: true, normalized: true })] },
  'gpt-sequence': { ...gpt, post_processor: { type: 'Sequence', processors: [{ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }, frame] } },
  'gpt-normalized': { ...gpt, normalizer: sequence({ type: 'NFC' }, { type: 'ByteLevel' }), pre_tokenizer: null, post_processor: null },
  'gpt-llama3': { ...gpt, model: { ...gpt.model, ignore_merges: true },
    pre_tokenizer: steps(split(regex(llama3), 'Isolated'), { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }) },
  'gpt-o200k': { ...gpt, pre_tokenizer: steps(split(regex(o200k), 'Removed', true), { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: false }) },
  'gpt-digits': { ...gpt, pre_tokenizer: steps({ type: 'Digits', individual_digits: true }, { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, { type: 'Punctuation', behavior: 'Isolated' }) },
  'bpe-llama2': bare({ added_tokens: [token(0, '<unk>', { special: true }), token(1, '<s>', { special: true }), token(2, '</s>', { special: true })],
    normalizer: sequence({ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }),
    model: bpe({ mark: '▁', extra: bytes, unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] } }),
  'bpe-clip': bare({ normalizer: sequence({ type: 'NFC' }, { type: 'Replace', pattern: regex(String.raw`\s+`), content: ' ' }, { type: 'Lowercase' }),
    pre_tokenizer: split(regex(clip), 'Removed', true), model: bpe({ suffix: '</w>', unk_token: '<unk>' }), decoder: { type: 'BPEDecoder', suffix: '</w>' } }),
  'bpe-fused': bare({ pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true }, model: bpe({ mark: '▁', unk_token: '<unk>', fuse_unk: true }),
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true }, added_tokens: [token(0, '<unk>', { special: true }), token(9000, 'Wort', {})] }),
  'bpe-no-unknown': bare({ pre_tokenizer: { type: 'Whitespace' }, model: bpe({}) }),
  'bpe-prefix': bare({ pre_tokenizer: { type: 'BertPreTokenizer' }, model: bpe({ prefix: '@@', unk_token: '<unk>' }), post_processor: frame }),
  'unigram-t5': bare({ added_tokens: [token(0, '<s>', { special: true }), token(1, '</s>', { special: true }), token(2, '<unk>', { special: true })],
    normalizer: sequence({ type: 'Nmt' }, { type: 'NFKC' }, { type: 'Replace', pattern: regex(' {2,}'), content: ' ' }),
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }, model: unigram(), post_processor: frame,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true } }),
  'unigram-bytes': bare({ pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never', split: true },
    model: unigram({ byte_fallback: true, vocab: [...unigram().vocab, ...bytes.map(b => [b, -20])] }),
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never', split: true }] } }),
  'unigram-whole': bare({ normalizer: sequence({ type: 'NFKD' }, { type: 'StripAccents' }, { type: 'Lowercase' }),
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false }, model: unigram(), decoder: { type: 'Fuse' } }),
  'wordlevel-ctc': bare({ pre_tokenizer: split({ String: '' }, 'Isolated'),
    model: { type: 'WordLevel', vocab: { '<pad>': 0, '|': 1, '[UNK]': 2, ...Object.fromEntries(letters.map((c, i) => [c, i + 3])) }, unk_token: '[UNK]' },
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '|' }, decoder: { type: 'CTC', pad_token: '<pad>', word_delimiter_token: '|', cleanup: true } }),
  'wordlevel-words': bare({ pre_tokenizer: { type: 'WhitespaceSplit' }, normalizer: { type: 'Lowercase' },
    model: { type: 'WordLevel', vocab: { '[UNK]': 0, ...Object.fromEntries(words.map((word, i) => [word, i + 1])) }, unk_token: '[UNK]' } }),

  'normalizer-nfc': normalizer({ type: 'NFC' }),
  'normalizer-nfd': normalizer({ type: 'NFD' }),
  'normalizer-nfkc': normalizer({ type: 'NFKC' }),
  'normalizer-nfkd': normalizer({ type: 'NFKD' }),
  'normalizer-lowercase': normalizer({ type: 'Lowercase' }),
  'normalizer-accents': normalizer(sequence({ type: 'NFD' }, { type: 'StripAccents' }, { type: 'NFC' })),
  'normalizer-nmt': normalizer({ type: 'Nmt' }),
  'normalizer-strip': normalizer({ type: 'Strip', strip_left: true, strip_right: true }),
  'normalizer-strip-left': normalizer(sequence({ type: 'Lowercase' }, { type: 'Strip', strip_left: true, strip_right: false })),
  'normalizer-strip-right': normalizer(sequence({ type: 'NFKC' }, { type: 'Strip', strip_left: false, strip_right: true })),
  'normalizer-replace': normalizer({ type: 'Replace', pattern: regex(String.raw`[aeiou]+|\p{Mn}|\d`), content: '⟨é⟩' }),
  'normalizer-remove': normalizer(sequence({ type: 'Replace', pattern: { String: 'e' }, content: '' }, { type: 'NFD' }, { type: 'Replace', pattern: regex(String.raw`\s`), content: '' })),
  'normalizer-prepend': normalizer(sequence({ type: 'Prepend', prepend: '→é' }, { type: 'NFD' })),
  'normalizer-bytes': normalizer({ type: 'ByteLevel' }),
  'normalizer-bert': normalizer({ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true }),
  'normalizer-precompiled': normalizer({ type: 'Precompiled', precompiled_charsmap: nfkc }),
  'unigram-xlm': bare({ normalizer: sequence({ type: 'Precompiled', precompiled_charsmap: nfkc }, { type: 'Replace', pattern: regex(' {2,}'), content: ' ' }),
    pre_tokenizer: steps({ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }),
    model: unigram(), post_processor: frame, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    added_tokens: [token(0, '<s>', { special: true }), token(1, '</s>', { special: true }), token(2, '<unk>', { special: true }), token(9999, '<mask>', { special: true, lstrip: true })] }),
  'normalizer-mixed': normalizer(sequence({ type: 'NFKD' }, { type: 'Lowercase' }, { type: 'NFC' }, { type: 'Replace', pattern: { String: 'ss' }, content: 'ß' })),

  'pieces-bert': pieces({ type: 'BertPreTokenizer' }),
  'pieces-bytes': pieces({ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }),
  'pieces-metaspace': pieces({ type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }),
  'pieces-whitespace': pieces({ type: 'Whitespace' }),
  'pieces-whitespace-split': pieces({ type: 'WhitespaceSplit' }),
  'pieces-digits': pieces({ type: 'Digits', individual_digits: true }),
  'pieces-numbers': pieces(steps({ type: 'WhitespaceSplit' }, { type: 'Digits', individual_digits: false })),
  'pieces-delimiter': pieces({ type: 'CharDelimiterSplit', delimiter: 'e' }),
  'pieces-scripts': pieces({ type: 'UnicodeScripts' }),
  'pieces-fixed': pieces({ type: 'FixedLength', length: 3 }),
  'pieces-gpt': pieces(split(regex(gptPattern), 'Isolated')),
  'pieces-llama3': pieces(split(regex(llama3), 'Isolated')),
  'pieces-o200k': pieces(split(regex(o200k), 'Isolated')),
  'pieces-clip': pieces(split(regex(clip), 'Removed', true)),
  'pieces-cjk': pieces(split(regex('[一-龥぀-ゟ゠-ヿ]+'), 'Isolated')),
  'pieces-classes': pieces(split(regex(String.raw`[[:alpha:]&&[^a-m\p{Lu}]]+|[^\W\d_]|[\p{P}\p{S}]{2,3}?|\h++|(?<=\s)\S(?=\S)|(?<!\w)\d|\R|\bx\b`), 'Isolated')),
  'pieces-lines': pieces(split(regex(String.raw`^.|.$|(?m:\A.)|\Z|(?>a|ab)c?|(?:xy|x)*z|\p{Han}+|\p{Greek}|\p{^Latin}{4}|\P{L}{5}`), 'Isolated')),
  'pieces-lazy': pieces(split(regex(String.raw`(?:a|e|i)*?[ot]|<.*?>|(?i)straße|é|\x{1F600}|[\u0041-\u0045]|.{2}(?=\.)`), 'Contiguous')),
};
for (const behavior of ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']) {
  all[`pieces-punctuation-${behavior}`] = pieces({ type: 'Punctuation', behavior });
  all[`pieces-string-${behavior}`] = pieces(split({ String: 'e' }, behavior));
  all[`pieces-spaces-${behavior}`] = pieces(split(regex(String.raw`\s`), behavior));
  all[`pieces-words-${behavior}`] = pieces(split(regex(String.raw`\w+`), behavior, true));
}

export { all as tokenizers };
