// Writes src/Runtime/Tokenization/Unicode/unicode.tables: what the reference library (Hugging Face's tokenizers, in Rust)
// does with every code point, asked of the library itself. Its parts carry Unicode tables of different versions, so no
// single version of the standard would be exact.
//
//   npm ci && node tables.mjs
//
// The file is deflated. Inside, numbers are LEB128 varints: the number of sets; of each its name and its ranges (gap since
// the last range's end, length); the number of maps; of each its name and its entries (gap since the last key, length of
// the value, the value's code points).
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { Tokenizer } from '@anush008/tokenizers';

const LAST = 0x10ffff;
const SEPARATOR = '\n';

const isSurrogate = c => c >= 0xd800 && c < 0xe000;
const codePoints = [];
for (let c = 0; c <= LAST; c++) {
  if (!isSurrogate(c)) {
    codePoints.push(c);
  }
}

const everything = text(codePoints);

function text(points) {
  const parts = [];
  for (let i = 0; i < points.length; i += 4096) {
    parts.push(String.fromCodePoint(...points.slice(i, i + 4096)));
  }
  return parts.join('');
}

const pointsOf = string => Array.from(string, c => c.codePointAt(0));

const tokenizer = parts => Tokenizer.fromString(JSON.stringify({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null,
  post_processor: null, decoder: null, model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' }, ...parts,
}));
const normalizer = config => tokenizer({ normalizer: config }).getNormalizer();
const preTokenizer = config => tokenizer({ pre_tokenizer: config }).getPreTokenizer();

// The code points that a splitter which removes what it finds leaves standing.
const left = splitter => new Set(splitter.preTokenizeString(everything).flatMap(([part]) => pointsOf(part)));
const removedBy = config => {
  const rest = left(preTokenizer(config));
  return codePoints.filter(c => !rest.has(c));
};
const matched = pattern => removedBy({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: false });

// What a normalizer makes of each code point by itself.
function mapped(config, separator = SEPARATOR) {
  const parts = normalizer(config).normalizeString(codePoints.map(c => String.fromCodePoint(c)).join(separator)).split(separator);
  // The separator's own entry is empty on both its sides.
  const at = codePoints.indexOf(separator.codePointAt(0));
  parts.splice(at, 2, separator);
  if (parts.length !== codePoints.length) {
    throw new Error(`${JSON.stringify(config)}: ${parts.length} parts of ${codePoints.length}`);
  }
  return parts;
}

function changes(config) {
  const parts = mapped(config);
  const map = new Map();
  codePoints.forEach((c, i) => {
    if (parts[i] !== String.fromCodePoint(c)) {
      map.set(c, pointsOf(parts[i]));
    }
  });
  return map;
}

const categories = ['Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No', 'Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po',
  'Sm', 'Sc', 'Sk', 'So', 'Zs', 'Zl', 'Zp', 'Cc', 'Cf', 'Co', 'Cn'];
const properties = ['Alphabetic', 'Lowercase', 'Uppercase', 'White_Space', 'Ideographic', 'Emoji', 'Extended_Pictographic', 'Emoji_Presentation',
  'Emoji_Modifier', 'Emoji_Component', 'Default_Ignorable_Code_Point', 'ID_Start', 'ID_Continue', 'XID_Start', 'XID_Continue', 'Math', 'Dash',
  'Diacritic', 'Quotation_Mark', 'Terminal_Punctuation', 'Sentence_Terminal', 'Variation_Selector', 'Join_Control', 'Hex_Digit', 'ASCII_Hex_Digit',
  'Cased', 'Case_Ignorable', 'Extender', 'Radical', 'Unified_Ideograph', 'Regional_Indicator', 'Noncharacter_Code_Point', 'Graph', 'Print',
  'Punct', 'Alnum', 'Blank', 'Word', 'XDigit', 'XPosixPunct'];
const scripts = ['Adlam', 'Ahom', 'Anatolian_Hieroglyphs', 'Arabic', 'Armenian', 'Avestan', 'Balinese', 'Bamum', 'Bassa_Vah', 'Batak', 'Bengali',
  'Bhaiksuki', 'Bopomofo', 'Brahmi', 'Braille', 'Buginese', 'Buhid', 'Canadian_Aboriginal', 'Carian', 'Caucasian_Albanian', 'Chakma', 'Cham',
  'Cherokee', 'Chorasmian', 'Common', 'Coptic', 'Cuneiform', 'Cypriot', 'Cypro_Minoan', 'Cyrillic', 'Deseret', 'Devanagari', 'Dives_Akuru', 'Dogra',
  'Duployan', 'Egyptian_Hieroglyphs', 'Elbasan', 'Elymaic', 'Ethiopic', 'Georgian', 'Glagolitic', 'Gothic', 'Grantha', 'Greek', 'Gujarati',
  'Gunjala_Gondi', 'Gurmukhi', 'Han', 'Hangul', 'Hanifi_Rohingya', 'Hanunoo', 'Hatran', 'Hebrew', 'Hiragana', 'Imperial_Aramaic', 'Inherited',
  'Inscriptional_Pahlavi', 'Inscriptional_Parthian', 'Javanese', 'Kaithi', 'Kannada', 'Katakana', 'Kawi', 'Kayah_Li', 'Kharoshthi',
  'Khitan_Small_Script', 'Khmer', 'Khojki', 'Khudawadi', 'Lao', 'Latin', 'Lepcha', 'Limbu', 'Linear_A', 'Linear_B', 'Lisu', 'Lycian', 'Lydian',
  'Mahajani', 'Makasar', 'Malayalam', 'Mandaic', 'Manichaean', 'Marchen', 'Masaram_Gondi', 'Medefaidrin', 'Meetei_Mayek', 'Mende_Kikakui',
  'Meroitic_Cursive', 'Meroitic_Hieroglyphs', 'Miao', 'Modi', 'Mongolian', 'Mro', 'Multani', 'Myanmar', 'Nabataean', 'Nag_Mundari', 'Nandinagari',
  'New_Tai_Lue', 'Newa', 'Nko', 'Nushu', 'Nyiakeng_Puachue_Hmong', 'Ogham', 'Ol_Chiki', 'Old_Hungarian', 'Old_Italic', 'Old_North_Arabian',
  'Old_Permic', 'Old_Persian', 'Old_Sogdian', 'Old_South_Arabian', 'Old_Turkic', 'Old_Uyghur', 'Oriya', 'Osage', 'Osmanya', 'Pahawh_Hmong',
  'Palmyrene', 'Pau_Cin_Hau', 'Phags_Pa', 'Phoenician', 'Psalter_Pahlavi', 'Rejang', 'Runic', 'Samaritan', 'Saurashtra', 'Sharada', 'Shavian',
  'Siddham', 'SignWriting', 'Sinhala', 'Sogdian', 'Sora_Sompeng', 'Soyombo', 'Sundanese', 'Syloti_Nagri', 'Syriac', 'Tagalog', 'Tagbanwa', 'Tai_Le',
  'Tai_Tham', 'Tai_Viet', 'Takri', 'Tamil', 'Tangsa', 'Tangut', 'Telugu', 'Thaana', 'Thai', 'Tibetan', 'Tifinagh', 'Tirhuta', 'Toto', 'Ugaritic',
  'Vai', 'Vithkuqi', 'Wancho', 'Warang_Citi', 'Yezidi', 'Yi', 'Zanabazar_Square'];

const sets = new Map();
for (const name of [...categories, ...properties, ...scripts]) {
  try {
    sets.set(`p:${name.toLowerCase().replaceAll(/[_ -]/g, '')}`, matched(`\\p{${name}}`));
  } catch (error) {
    console.log(`left out: ${name} (${error.message.split(' at ')[0]})`);
  }
}
for (const name of ['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'xdigit', 'word']) {
  sets.set(`posix:${name}`, matched(`[[:${name}:]]`));
}
for (const name of ['w', 's', 'd', 'h']) {
  sets.set(`escape:${name}`, matched(`\\${name}`));
}
console.log('sets of the pattern language');

const byPreTokenizer = (name, config, isMember) => sets.set(name, codePoints.filter(isMember(config)));
const apart = config => {
  // Members stand apart when every code point is set between two letters.
  const splits = preTokenizer(config).preTokenizeString(codePoints.map(c => `x${String.fromCodePoint(c)}`).join('') + 'x');
  const members = new Set(splits.filter(([part]) => !part.startsWith('x')).map(([part]) => part.codePointAt(0)));
  return c => members.has(c);
};
byPreTokenizer('library:punctuation', { type: 'Punctuation', behavior: 'Isolated' }, apart);
byPreTokenizer('library:numeric', { type: 'Digits', individual_digits: true }, apart);
sets.set('library:whitespace', removedBy({ type: 'WhitespaceSplit' }));
const isNoWord = apart({ type: 'Whitespace' });
sets.set('library:space', removedBy({ type: 'Whitespace' }));
const space = new Set(sets.get('library:space'));
sets.set('library:word', codePoints.filter(c => !isNoWord(c) && !space.has(c)));

const bert = options => ({ type: 'BertNormalizer', clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false, ...options });
const keptAs = (config, wanted) => {
  const parts = mapped(config, '一');
  return codePoints.filter((c, i) => wanted(parts[i], String.fromCodePoint(c)));
};
sets.set('bert:control', keptAs(bert({ clean_text: true }), part => part === ''));
sets.set('bert:space', keptAs(bert({ clean_text: true }), part => part === ' '));
sets.set('bert:ideograph', (() => {
  const parts = mapped(bert({ handle_chinese_chars: true }));
  return codePoints.filter((c, i) => parts[i] === ` ${String.fromCodePoint(c)} `);
})());
sets.set('library:accent', keptAs({ type: 'StripAccents' }, part => part === ''));
sets.set('bert:accent', keptAs(bert({ strip_accents: true }), part => part === ''));
sets.set('nmt:removed', keptAs({ type: 'Nmt' }, part => part === ''));
sets.set('nmt:space', keptAs({ type: 'Nmt' }, (part, c) => part === ' ' && c !== ' '));
console.log('sets of the library');

const maps = new Map();
maps.set('lower', changes({ type: 'Lowercase' }));
maps.set('nfd', changes({ type: 'NFD' }));
maps.set('nfkd', changes({ type: 'NFKD' }));

const isHangul = c => c >= 0xac00 && c < 0xac00 + 11172;
for (const name of ['nfd', 'nfkd']) {
  for (const c of [...maps.get(name).keys()].filter(isHangul)) {
    maps.get(name).delete(c);
  }
}

// Which pairs compose: of every decomposition that composes again, all but the last code point, and the last.
const nfc = normalizer({ type: 'NFC' });
const nfd = normalizer({ type: 'NFD' });
const pairs = new Map();
for (const [c, parts] of maps.get('nfd')) {
  if (parts.length > 1 && nfc.normalizeString(text(parts)) === String.fromCodePoint(c)) {
    const head = pointsOf(nfc.normalizeString(text(parts.slice(0, -1))));
    if (head.length !== 1) {
      throw new Error(`no pair composes to ${c.toString(16)}`);
    }
    pairs.set(c, [head[0], parts.at(-1)]);
  }
}
maps.set('pairs', pairs);

// Combining classes, in order only: a mark moves before every mark of a greater class. One mark of each class is found by
// sorting all marks with the library's own order.
const marks = codePoints.filter(c => nfd.normalizeString(`a\u0345${String.fromCodePoint(c)}`) === `a${String.fromCodePoint(c)}\u0345`);
const greater = (a, b) => nfd.normalizeString(`a${String.fromCodePoint(a, b)}`) !== `a${String.fromCodePoint(a, b)}`;
const classes = []; // one mark of each class found, ascending
const byClass = new Map();
for (const mark of marks.filter(c => !maps.get('nfd').has(c))) {
  let low = 0;
  let high = classes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (greater(mark, classes[middle])) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < classes.length && !greater(classes[low], mark)) {
    byClass.get(classes[low]).push(mark);
  } else {
    classes.splice(low, 0, mark);
    byClass.set(mark, [mark]);
  }
}
const combining = new Map([[0x345, [classes.length + 1]]]);
classes.forEach((one, i) => byClass.get(one).forEach(mark => combining.set(mark, [i + 1])));
maps.set('combining', new Map([...combining].sort((a, b) => a[0] - b[0])));
console.log(`${combining.size} marks of ${classes.length + 1} classes`);

// Scripts as the UnicodeScripts pre-tokenizer sees them. Characters that go with any script are found first, between a
// Latin letter and an ideograph; then runs of one script, then which runs share it.
const unicodeScripts = preTokenizer({ type: 'UnicodeScripts' });
const probes = codePoints.flatMap(c => [0x61, c, 0x4e00, c]);
const starts = new Set();
let place = 0;
for (const [run] of unicodeScripts.preTokenizeString(text(probes))) {
  starts.add(place);
  place += pointsOf(run).length;
}
const anyScript = new Set(codePoints.filter((_, i) => !starts.has(4 * i + 1) && !starts.has(4 * i + 3)));
sets.set('script:any', [...anyScript]);
const scriptOf = new Map();
const heads = [];
for (const [run] of unicodeScripts.preTokenizeString(text(codePoints.filter(c => !anyScript.has(c))))) {
  const head = String.fromCodePoint(run.codePointAt(0));
  let index = heads.findIndex(other => unicodeScripts.preTokenizeString(other + head).length === 1);
  if (index < 0) {
    index = heads.push(head) - 1;
  }
  pointsOf(run).forEach(c => scriptOf.set(c, index));
}
heads.forEach((_, i) => sets.set(`script:${i}`, codePoints.filter(c => scriptOf.get(c) === i)));
console.log(`${heads.length} scripts, ${anyScript.size} characters of any`);

const bytes = [];
function number(value) {
  for (; value > 127; value >>>= 7) {
    bytes.push((value & 127) | 128);
  }
  bytes.push(value);
}

function name(value) {
  number(value.length);
  bytes.push(...Buffer.from(value, 'latin1'));
}

number(sets.size);
for (const [key, members] of sets) {
  const ranges = [];
  for (const c of members) {
    const last = ranges.at(-1);
    if (last && last[1] === c) {
      last[1]++;
    } else {
      ranges.push([c, c + 1]);
    }
  }
  name(key);
  number(ranges.length);
  let end = 0;
  for (const [from, to] of ranges) {
    number(from - end);
    number(to - from);
    end = to;
  }
}
number(maps.size);
for (const [key, entries] of maps) {
  name(key);
  number(entries.size);
  let last = 0;
  for (const [c, value] of [...entries].sort((a, b) => a[0] - b[0])) {
    number(c - last);
    number(value.length);
    value.forEach(number);
    last = c;
  }
}

const path = new URL('../../../src/Runtime/Tokenization/Unicode/unicode.tables', import.meta.url);
const packed = deflateRawSync(Buffer.from(bytes), { level: 9 });
writeFileSync(path, packed);
console.log(`${sets.size} sets, ${maps.size} maps: ${bytes.length} bytes, ${packed.length} deflated`);
