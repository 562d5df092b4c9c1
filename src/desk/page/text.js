/* Text: elements made without markup, positions, pasted text made clean. */

/** An element; attributes that begin with `on` are listeners, `null` and `false` leave an attribute out. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const byId = (id) => document.getElementById(id);

const plural = (n, one, many) => `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;

const capital = (text) => text.replace(/^(“?)(\p{Ll})/u, (_, mark, letter) => mark + letter.toUpperCase());

/** UTF-16 positions of each code point of `text`, and of its end. The server counts in code points. */
function charStarts(text) {
  const starts = [];
  let at = 0;
  for (const char of text) {
    starts.push(at);
    at += char.length;
  }
  starts.push(at);
  return starts;
}

/** From a byte of the UTF-8 form of `text` to its UTF-16 position. */
function byteToUnit(text, byte) {
  let bytes = 0;
  let at = 0;
  for (const char of text) {
    if (bytes >= byte) break;
    const code = char.codePointAt(0);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += char.length;
  }
  return at;
}

/** What Word, mail programs and web pages leave in pasted text: odd spaces, invisible and direction marks, tab bullets. */
function cleaned(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029\u000b\u000c]/g, '\n')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f]/g, '')
    .replace(/^[ \t]*[·•§o\uf0b7][\t ]+(?=\S)/gm, (mark) => (/[o§]/.test(mark) && !mark.includes('\t') ? mark : '• '))
    .replace(/\t+/g, ' ')
    .replace(/[ ]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
}

/** `text` with letters and digits of the ranges hidden; all places stay where they are. */
function masked(text, ranges) {
  let out = '';
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    out += text.slice(at, from) + text.slice(from, end).replace(/[\p{L}\p{N}]/gu, (char) => '•'.repeat(char.length));
    at = end;
  }
  return out + text.slice(at);
}

const SEVERITIES = {
  error: { name: 'Must change', mark: '!' },
  warning: { name: 'Please check', mark: '?' },
  info: { name: 'Advice', mark: 'i' },
};

const CATEGORIES = {
  confidential: 'Confidential', reputation: 'Reputation', opinion: 'Opinion', conduct: 'Conduct',
  publicity: 'Publicity', inclusive: 'Inclusive', accessibility: 'Accessibility', style: 'Plain English',
  hygiene: 'Tidiness',
};

/** "2 must change, 1 to check" */
function inWords({ error = 0, warning = 0, info = 0 }) {
  const parts = [];
  if (error) parts.push(`${error} must change`);
  if (warning) parts.push(`${warning} to check`);
  if (info) parts.push(plural(info, 'piece of advice', 'pieces of advice'));
  return parts.join(', ');
}
