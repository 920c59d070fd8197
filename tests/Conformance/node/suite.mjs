// Reads the files of cases. Values under 'let' can be used in all of them; a case with 'each' becomes one for every combination of the
// rows that it names.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from './exact-json.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../suite');
const offersFile = 'offers.json';

export const offers = read(offersFile);
export const cases = readdirSync(folder)
  .filter(file => file.endsWith('.json') && file !== offersFile)
  .sort()
  .flatMap(file => expand(read(file)));

function read(file) {
  return parse(readFileSync(join(folder, file), 'utf8'));
}

function expand(file) {
  return file.cases.flatMap(template => rows(file, template.each ?? []).map(row => {
    const one = fill(template, row);
    return {
      name: `${file.area}.${one.name}`,
      rule: one.rule,
      section: one.section ?? file.section,
      needs: [...file.needs ?? [], ...one.needs ?? []],
      steps: one.steps,
      cleanup: one.cleanup ?? [],
    };
  }));
}

function rows(file, names) {
  return names.reduce((all, name) => all.flatMap(row => file.rows[name].map(item => ({ ...row, ...item }))), [file.let ?? {}]);
}

function fill(node, row) {
  if (Array.isArray(node)) {
    return node.map(item => fill(item, row));
  }

  if (node !== null && typeof node === 'object') {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [text(key, row), fill(value, row)]));
  }

  const whole = typeof node === 'string' ? /^\$\{(\w+)\}$/.exec(node) : null;
  return whole ? fill(lookup(whole[1], row), row) : typeof node === 'string' ? text(node, row) : node;
}

function text(pattern, row) {
  return pattern.replace(/\$\{(\w+)\}/g, (_, name) => String(lookup(name, row)));
}

function lookup(name, row) {
  if (!(name in row)) {
    throw new Error(`No row of the case has \${${name}}.`);
  }

  return row[name];
}
