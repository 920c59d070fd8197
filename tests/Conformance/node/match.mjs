// Compares JSON with a pattern. Objects may have more keys than the pattern; arrays have as many elements. An object whose keys begin
// with a dollar is a rule instead, such as {"$type": "integer"}; ../README.md lists them.
import { stringify } from './exact-json.mjs';

export class Mismatch extends Error {}

export function find(node, path) {
  return path.split('.').reduce((item, part) => item !== null && typeof item === 'object' ? item[part] : undefined, node);
}

export function check(pattern, actual, path, context) {
  if (isObject(pattern) && Object.keys(pattern).length > 0 && Object.keys(pattern).every(key => key.startsWith('$'))) {
    checkRules(pattern, actual, path, context);
    return;
  }

  demand(actual !== undefined, `${path} is missing`);
  if (Array.isArray(pattern)) {
    demand(Array.isArray(actual) && actual.length === pattern.length, `${path} is no array of ${pattern.length}: ${excerpt(actual)}`);
    pattern.forEach((item, i) => check(item, actual[i], `${path}.${i}`, context));
  } else if (isObject(pattern)) {
    demand(isObject(actual), `${path} is no object: ${excerpt(actual)}`);
    Object.entries(pattern).forEach(([key, value]) => check(value, actual[key], `${path}.${key}`, context));
  } else {
    demand(equals(pattern, actual, context), `${path} is not ${excerpt(pattern)}: ${excerpt(actual)}`);
  }
}

export function excerpt(value, length = 300) {
  const text = typeof value === 'string' ? value : stringify(value) ?? 'nothing';
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

export function demand(holds, message) {
  if (!holds) {
    throw new Mismatch(message);
  }
}

function checkRules(rules, actual, path, context) {
  if ('$absent' in rules) {
    demand(actual === undefined, `${path} should be absent: ${excerpt(actual)}`);
    return;
  }

  demand(actual !== undefined, `${path} is missing`);
  for (const [name, value] of Object.entries(rules)) {
    demand(holds(name, value, rules, actual, context), `${path} does not keep ${excerpt(rules)}: ${excerpt(actual)}`);
  }
}

function holds(name, value, rules, actual, context) {
  switch (name) {
    case '$type': return typesOf(actual, context).includes(value);
    case '$matches': return !isObject(actual) && !Array.isArray(actual) && actual !== null && new RegExp(value).test(String(actual));
    case '$oneOf': return value.some(one => matches(one, actual, context));
    case '$not': return !matches(value, actual, context);
    case '$has': return Array.isArray(actual) && value.every(one => actual.some(item => matches(one, item, context)));
    case '$each': return Array.isArray(actual) && actual.every(item => matches(value, item, context));
    case '$length': return Array.isArray(actual) && actual.length === value;
    case '$empty': return actual === '' || (actual !== null && typeof actual === 'object' && Object.keys(actual).length === 0);
    case '$atLeast': return Number(actual) >= Number(value);
    case '$same': return equals(find(context.root, value), actual, context);
    case '$saved': return '$plus' in rules
      ? Number(actual) === Number(context.saved[value]) + rules.$plus
      : String(actual) === context.saved[value];
    case '$plus': return true;
    default: throw new Error(`There is no rule '${name}'.`);
  }
}

function matches(pattern, actual, context) {
  try {
    check(pattern, actual, '', context);
    return true;
  } catch (error) {
    if (error instanceof Mismatch) {
      return false;
    }

    throw error;
  }
}

function typesOf(value, { numbersAsText }) {
  switch (typeof value) {
    case 'string': return numbersAsText && /^-?\d+$/.test(value) ? ['string', 'number', 'integer'] : ['string'];
    case 'bigint': return ['number', 'integer'];
    case 'number': return Number.isInteger(value) ? ['number', 'integer'] : ['number'];
    default: return [value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value];
  }
}

function equals(expected, actual, { numbersAsText }) {
  if (isNumber(expected)) {
    return isNumber(actual)
      ? String(expected) === String(actual) || Number(expected) === Number(actual)
      : numbersAsText && String(expected) === actual;
  }

  return stringify(expected) === stringify(actual);
}

function isNumber(value) {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
