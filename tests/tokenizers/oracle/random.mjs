// Texts that find differences: every script, marks in any order, spaces of all kinds, added tokens in odd places.

export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = n => Math.floor(next() * n);
  const pick = list => list[below(list.length)];
  const range = (from, to) => String.fromCodePoint(from + below(to - from + 1));
  const times = (most, make) => Array.from({ length: 1 + below(most) }, make).join('');

  const words = ('the of and to in is was that for with as his on be at by had not are but from or have an they which one you were all her she '
    + 'there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could '
    + 'Hello World Runtime transformers tokenization don\'t I\'m we\'ll it\'s they\'ve you\'re he\'d DON\'T IT\'S naïve café résumé Straße İstanbul ığdır '
    + 'coöperate Ελληνικά Σίσυφος ΣΑΣ русский текст Ёлка עברית العربية हिन्दी தமிழ் ไทย 日本語 カタカナ ひらがな 中文 分词 한국어 조선 Tiếng Việt ﬁnance ﬂow '
    + 'x² ½ Ⅳ ①② ㎏ ｆｕｌｌ ＷＩＤＴＨ 3.14 1,000,000 2024-01-02 user@example.com https://a.b/c?d=e#f C++ C# foo_bar __init__ <b>bold</b>').split(' ');
  const tokens = ['<s>', '</s>', '[CLS]', '[SEP]', '[MASK]', '<mask>', '<|endoftext|>', '[UNK]', '<unk>', '<added>', 'Wort', 'NORM', 'norm', 'é<x>', '<pad>'];
  const spaces = [' ', ' ', ' ', ' ', '  ', '\n', '\t', '\r\n', '\u00a0', '\u3000', '\u2003', '\u200b', '\u2028', '   ', '\u0085', '\v', '\u1680', '\ufeff'];
  const emoji = ['😀', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🤷‍♀️'];
  const parts = [
    [30, () => pick(words)],
    [24, () => pick(spaces)],
    [8, () => times(8, () => range(97, 122))],
    [3, () => times(6, () => range(65, 90))],
    [4, () => times(6, () => range(48, 57))],
    [6, () => pick([...'.,;:!?-_()[]{}"\'`´’“”«»…—–/\\|@#$%^&*+=<>~¿¡。、，！？「」'])],
    [4, () => pick(words).normalize('NFD')],
    [3, () => range(97, 122) + times(4, () => range(0x300, 0x36f))],
    [2, () => range(0xc0, 0x24f)],
    [2, () => range(0x370, 0x52f)],
    [2, () => times(4, () => range(0x590, 0x6ff))],
    [2, () => times(4, () => range(0x900, 0xdff))],
    [2, () => times(3, () => range(0xe00, 0x10ff))],
    [2, () => times(3, () => range(0x1100, 0x11ff))],
    [2, () => range(0x1e00, 0x1fff)],
    [2, () => range(0x2000, 0x2bff)],
    [3, () => times(4, () => range(0x3040, 0x30ff))],
    [3, () => times(4, () => range(0x4e00, 0x9fff))],
    [2, () => times(3, () => range(0xac00, 0xd7a3))],
    [2, () => range(0xf900, 0xfaff)],
    [2, () => range(0xfb00, 0xffef)],
    [3, () => pick(emoji)],
    [2, () => range(0x1d400, 0x1d7ff)],
    [2, () => times(3, () => range(0x10000, 0x1ffff))],
    [1, () => range(0x20000, 0x2fa1f)],
    [1, () => range(0xe0000, 0xe01ef)],
    [1, () => range(0, 0x1f)],
    [1, () => range(0x7f, 0xad)],
    [1, () => range(0xe000, 0xfffd)],
    [1, () => range(0x10fff0, 0x10ffff)],
    [2, () => range(0, 0xd7ff)],
    [4, () => pick(tokens)],
    [1, () => pick(tokens).toLowerCase()],
    [1, () => pick(['a', ' ', '中', '-', '1', 'é', '▁', 'Ġ']).repeat(1 + below(40))],
    [1, () => '▁'],
  ];
  const weights = parts.flatMap(([weight], i) => Array(weight).fill(i));
  const text = () => (next() < 0.01 ? '' : Array.from({ length: 1 + below(next() < 0.1 ? 60 : 14) }, () => parts[pick(weights)][1]()).join(''));
  return { text, below, next };
}
