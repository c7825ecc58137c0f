// Sends packages of commands from a page to the BIT driver beside it, and signs forms for the
// cloud API. An ES module for browsers and Node 18+, without dependencies. See README.md.
//
// The rules for answers are those of the gateway: what cannot be understood is never taken for
// "printed" or "not printed".

/** @typedef {import('./bit-driver').Command} Command */
/** @typedef {import('./bit-driver').Entry} Entry */
/** @typedef {import('./bit-driver').Answer} Answer */
/** @typedef {import('./bit-driver').FiscalMark} FiscalMark */
/** @typedef {import('./bit-driver').WireRequest} WireRequest */
/** @typedef {import('./bit-driver').DriverOptions} DriverOptions */
/** @typedef {import('./bit-driver').RunOptions} RunOptions */
/** @typedef {import('./bit-driver').Progress} Progress */
/** @typedef {import('./bit-driver').PackageRequest} PackageRequest */
/** @typedef {import('./bit-driver').Order} Order */

export const DEFAULT_URL = 'http://localhost:44735';
const DEFAULT_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 5_000;
const MAX_DEPTH = 16;
const MAX_TEXT_BYTES = 500;
const FORM = 'application/x-www-form-urlencoded';

// ---- errors

/** What all errors of this module have in common. */
export class DriverError extends Error {
  /** @param {string} message @param {{cause?: unknown}} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
    /** Whether the register may have printed something. */
    this.maybePrinted = false;
  }
}

/** Nobody listens there; nothing was sent. */
export class DriverUnreachable extends DriverError {}

/** The driver refused the whole package; nothing was run. */
export class DriverRefused extends DriverError {}

/**
 * The package was sent, and no answer came back. It may be printed: look at the register before
 * doing anything, and never send it under another order number. A site that the driver does not
 * allow (CORS) looks the same from inside a browser.
 */
export class AnswerLost extends DriverError {
  /** @param {string} message @param {{cause?: unknown}} [options] */
  constructor(message, options) {
    super(message, options);
    this.maybePrinted = true;
  }
}

/** An answer came that cannot be understood. It may be printed. */
export class BadAnswer extends DriverError {
  /** @param {string} message @param {{cause?: unknown, body?: string}} [options] */
  constructor(message, options) {
    super(message, options);
    this.maybePrinted = true;
    this.body = options?.body ?? '';
  }
}

// ---- bytes and text

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {Uint8Array} bytes */
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Header values carry bytes: other than Latin text goes as its UTF-8. @param {string} text */
const toByteString = (text) => String.fromCharCode(...utf8(text));

/** encodeURIComponent, and what it leaves alone. @param {string} text */
const percentEncode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** At most MAX_TEXT_BYTES of UTF-8, cut between characters. @param {string} text */
function shorten(text) {
  let length = 0;
  let out = '';
  for (const character of text) {
    length += utf8(character).length;
    if (length > MAX_TEXT_BYTES) break;
    out += character;
  }
  return out;
}

// ---- md5 (RFC 1321): the protocol signs with it, and browsers do not offer it

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({length: 64}, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

/** @param {Uint8Array} bytes */
function padded(bytes) {
  const length = (((bytes.length + 8) >> 6) + 1) << 6;
  const out = new Uint8Array(length);
  out.set(bytes);
  out[bytes.length] = 0x80;
  const view = new DataView(out.buffer);
  view.setUint32(length - 8, (bytes.length << 3) >>> 0, true);
  view.setUint32(length - 4, Math.floor(bytes.length / 2 ** 29), true);
  return view;
}

/**
 * @param {number[]} state @param {DataView} view @param {number} offset
 */
function digestBlock(state, view, offset) {
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; ++i) {
    const round = i >> 4;
    let mixed = 0;
    let word = 0;
    if (round === 0) [mixed, word] = [(b & c) | (~b & d), i];
    if (round === 1) [mixed, word] = [(d & b) | (~d & c), (5 * i + 1) & 15];
    if (round === 2) [mixed, word] = [b ^ c ^ d, (3 * i + 5) & 15];
    if (round === 3) [mixed, word] = [c ^ (b | ~d), (7 * i) & 15];
    const sum = (a + mixed + SINES[i] + view.getUint32(offset + 4 * word, true)) | 0;
    const shift = SHIFTS[4 * round + (i & 3)];
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  [a, b, c, d].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
}

/** md5 of the UTF-8 of a text, 32 lower-case hex characters. @param {string} text */
export function md5Hex(text) {
  const view = padded(utf8(text));
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let offset = 0; offset < view.byteLength; offset += 64) digestBlock(state, view, offset);
  const out = new DataView(new ArrayBuffer(16));
  state.forEach((value, i) => out.setInt32(4 * i, value, true));
  return toHex(new Uint8Array(out.buffer));
}

// ---- the cloud form

/** BIT_DATA: base64(encodeURIComponent(json)). @param {string} text */
export const encodeData = (text) => btoa(encodeURIComponent(text));

/**
 * What BIT_SIGNATURE is made of, in this order; the last is the integrity code.
 * @param {Order} order @param {string} code @returns {[string, string][]}
 */
export function signedValues(order, code) {
  return [
    ['BIT_ACCOUNT_ID', order.accountId],
    ['BIT_KKT_TOKEN', order.kktToken],
    ['BIT_ORDER_ID', order.orderId],
    ['BIT_DATA', order.data],
    ['BIT_CALLBACK_SUCCESS', order.callbackSuccess ?? ''],
    ['BIT_CALLBACK_FAILED', order.callbackFailed ?? ''],
    ['BIT_DATAINTEGRITY_CODE', code],
  ];
}

/** @param {Order} order @param {string} code */
export const signature = (order, code) => md5Hex(signedValues(order, code).map(([, value]) => value).join(''));

/**
 * The complete form of create-receipt. Only for trying things out: in a shop, the code stays on
 * the server, and the server signs.
 * @param {Order} order @param {string} code @returns {Record<string, string>}
 */
export function formFields(order, code) {
  /** @type {Record<string, string>} */
  const fields = {
    BIT_ACCOUNT_ID: order.accountId,
    BIT_KKT_TOKEN: order.kktToken,
    BIT_ORDER_ID: order.orderId,
    BIT_DATA: encodeData(order.data),
    BIT_CALLBACK_SUCCESS: order.callbackSuccess ?? '',
    BIT_CALLBACK_FAILED: order.callbackFailed ?? '',
    BIT_SIGNATURE: signature(order, code),
  };
  if (order.bankToken) fields.BIT_BNK_TRM_TOKEN = order.bankToken;
  return fields;
}

// ---- requests to the driver

/**
 * @param {string} commands
 * @param {string} encoding
 * @returns {{type: string, body: string, encodeType: string}}
 */
function encodeBody(commands, encoding) {
  switch (encoding) {
    case 'json': return {type: 'application/json; charset=UTF-8', body: commands, encodeType: 'PHP'};
    case 'form': return {type: FORM, body: percentEncode(commands), encodeType: 'JS'};
    case 'base64': return {type: 'text/plain base64', body: toBase64(utf8(commands)), encodeType: ''};
    case 'hex': return {type: 'text/plain hex', body: toHex(utf8(commands)), encodeType: ''};
    default: throw new TypeError(`no such encoding: ${encoding}`);
  }
}

/**
 * Headers and body as a driver of that generation reads them: "1.2" knows tokens by the names of
 * headers and takes a form, "1.5" is what drivers from 1.26 on read.
 * @param {PackageRequest} request
 * @param {string} [generation]
 * @param {string} [encoding]
 * @returns {WireRequest}
 */
export function encodeRequest(request, generation = '1.5', encoding = 'json') {
  const {orderId, kktToken, bankToken = '', commands} = request;
  /** @type {[string, string][]} */
  let headers;
  if (generation === '1.2') {
    headers = [['Content-Type', FORM], ['Action', 'toLocalhost'], ['Bit_order_id', orderId], [kktToken, '1']];
    if (bankToken) headers.push([bankToken, '1']);
    return {headers, body: `json=${percentEncode(commands)}`};
  }
  if (generation !== '1.5') throw new TypeError(`no such generation: ${generation}`);
  const {type, body, encodeType} = encodeBody(commands, encoding);
  headers = [['Content-Type', type], ['Action', 'command_list'], ['BIT_ORDER_ID', orderId], ['BIT_KKT_TOKEN', kktToken]];
  if (bankToken) headers.push(['BIT_BNK_TRM_TOKEN', bankToken]);
  if (encodeType) headers.push(['BIT_ENCODE_TYPE', encodeType]);
  return {headers, body};
}

// ---- JSON that keeps its numbers as written and refuses the same key twice

/** A number, with the digits as they stood there. */
class Literal {
  /** @param {string} text */
  constructor(text) { this.text = text; }
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|$)/y;

class StrictReader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.start = 0;
    // The token that stands next: one of the four, or none at the end.
    /** @type {string | undefined} */ this.mark = undefined;
    /** @type {string | undefined} */ this.string = undefined;
    /** @type {string | undefined} */ this.number = undefined;
    /** @type {string | undefined} */ this.word = undefined;
    this.next();
  }

  next() {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match) throw new SyntaxError(`cannot be read at ${this.at}`);
    this.start = TOKEN.lastIndex - match[0].trimStart().length;
    this.at = TOKEN.lastIndex;
    [, this.mark, this.string, this.number, this.word] = match;
  }

  /** @param {string} mark */
  expect(mark) {
    if (this.mark !== mark) throw new SyntaxError(`${mark} is missing at ${this.start}`);
    this.next();
  }

  /** @param {number} depth @returns {any} */
  value(depth) {
    if (depth > MAX_DEPTH) throw new SyntaxError('nested too deep');
    const {mark, string, number, word} = this;
    if (mark === '{') return this.object(depth);
    if (mark === '[') return this.list(depth);
    if (mark !== undefined) throw new SyntaxError(`unexpected ${mark}`);
    if (string === undefined && number === undefined && word === undefined) throw new SyntaxError('unexpected end');
    this.next();
    if (string !== undefined) return JSON.parse(string);
    return number !== undefined ? new Literal(number) : JSON.parse(word ?? 'null');
  }

  /** @param {number} depth */
  list(depth) {
    /** @type {any[]} */
    const items = [];
    this.next();
    while (this.mark !== ']') {
      if (items.length > 0) this.expect(',');
      items.push(this.value(depth + 1));
    }
    this.next();
    return items;
  }

  /** @param {number} depth */
  object(depth) {
    /** @type {Map<string, any>} */
    const members = new Map();
    this.next();
    while (this.mark !== '}') {
      if (members.size > 0) this.expect(',');
      if (this.string === undefined) throw new SyntaxError(`a name is missing at ${this.start}`);
      const key = JSON.parse(this.string);
      if (members.has(key)) throw new SyntaxError('the same name twice');
      this.next();
      this.expect(':');
      members.set(key, this.value(depth + 1));
    }
    this.next();
    return members;
  }
}

/** @param {string} text @returns {any} objects are Maps, numbers are Literals */
function parseStrict(text) {
  const reader = new StrictReader(text);
  const value = reader.value(1);
  if (reader.mark ?? reader.string ?? reader.number ?? reader.word) throw new SyntaxError('text after the end');
  return value;
}

/** As JSON.parse gives it. @param {any} value @returns {any} */
function plain(value) {
  if (value instanceof Literal) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, member]) => [key, plain(member)]));
  return value;
}

// ---- answers of the driver

/** The documentation spells two types with a Cyrillic С, one of them without its end. @param {string} type */
function sameType(type) {
  const latin = type.replace(/С/g, 'C');
  return latin === 'kktCashOu' ? 'kktCashOut' : latin;
}

/**
 * What a member says: a text, or a number or flag where the driver writes one. Nothing if it is
 * absent, null or false.
 * @param {Map<string, any>} entry @param {string} key @returns {string | undefined}
 */
function said(entry, key) {
  const value = entry.get(key);
  if (value === undefined || value === null || value === false) return undefined;
  if (value instanceof Literal) return shorten(value.text);
  return typeof value === 'string' ? shorten(value) : '';
}

/** @param {Map<string, any>} entry @param {number} tag @returns {string} */
function tagText(entry, tag) {
  for (const [key, value] of entry) {
    if (key.slice(key.lastIndexOf('_') + 1) !== String(tag)) continue;
    return value instanceof Literal ? value.text : typeof value === 'string' ? value.trim() : '';
  }
  return '';
}

/** @param {string} text @param {number} most */
const digits = (text, most) => (/^\d+$/.test(text) && text.length <= most ? text : '');

/** By tag numbers, whatever the names. @param {Map<string, any>} entry @returns {FiscalMark | null} */
function readMark(entry) {
  const mark = {
    fn: digits(tagText(entry, 1041), 16),
    fd: Number(digits(tagText(entry, 1040), 15)),
    fpd: digits(tagText(entry, 1077), 10),
    time: tagText(entry, 1012).replace(' ', 'T'),
    shift: Number(digits(tagText(entry, 1038), 15)),
    receiptNumber: Number(digits(tagText(entry, 1042), 15)),
    registerNumber: digits(tagText(entry, 1037), 20),
  };
  return mark.fn && mark.fd && mark.fpd ? mark : null;
}

/**
 * @param {string | undefined} success @param {string | undefined} error
 * @returns {'done' | 'failed' | undefined}
 */
function stateOf(success, error) {
  if (success !== undefined && error !== undefined) {
    // A driver may leave an empty text beside the other; two that say the opposite mean nothing.
    if ((success === '') === (error === '')) return undefined;
    return error === '' ? 'done' : 'failed';
  }
  if (success !== undefined) return 'done';
  return error !== undefined ? 'failed' : undefined;
}

/** @param {unknown} found @param {Entry} entry @returns {Entry} */
function readEntry(found, entry) {
  const at = `entry ${entry.index}`;
  if (!(found instanceof Map)) throw new BadAnswer(`${at} is not an object`);
  const type = found.get('type');
  if (typeof type === 'string' && type !== '' && sameType(type) !== sameType(entry.type)) {
    throw new BadAnswer(`${at} answers another command`);
  }
  const success = said(found, 'success');
  const error = said(found, 'error');
  const state = stateOf(success, error);
  if (!state) throw new BadAnswer(`${at} says neither success nor error`);
  return {...entry, state, text: (state === 'done' ? success : error) ?? '', raw: plain(found), mark: readMark(found)};
}

/**
 * The entry of each command, by position.
 * @param {any} root @param {number} count @returns {unknown[]}
 */
function findEntries(root, count) {
  const tooMany = () => new BadAnswer('the answer has more entries than commands were sent');
  if (Array.isArray(root)) {
    if (root.length > count) throw tooMany();
    return Array.from({length: count}, (_, i) => root[i]);
  }
  /** @type {unknown[]} */
  const found = new Array(count).fill(undefined);
  for (const [key, value] of root) {
    if (!/^(?:0|[1-9]\d*)$/.test(key)) continue;
    if (Number(key) >= count) throw tooMany();
    found[Number(key)] = value;
  }
  return found;
}

/**
 * Reads an answer; `sent` are the commands as sent. Throws BadAnswer, and DriverRefused for a
 * package that was refused as a whole.
 * @param {string} text @param {Command[]} sent @returns {Answer}
 */
export function decodeAnswer(text, sent) {
  let root;
  try {
    root = parseStrict(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BadAnswer(`the answer is not JSON: ${error instanceof Error ? error.message : error}`, {body: text});
  }
  if (!Array.isArray(root) && !(root instanceof Map)) throw new BadAnswer('the answer is no object and no list', {body: text});
  const found = findEntries(root, sent.length);
  if (found.every((entry) => entry === undefined)) {
    if (root instanceof Map && root.get('result') === false) {
      throw new DriverRefused(said(root, 'error') || 'касса отказала и не назвала причину');
    }
    throw new BadAnswer('the answer has no entries', {body: text});
  }
  let stopped = false;  // a command failed: what has no entry after it was not run
  const entries = sent.map((command, index) => {
    /** @type {Entry} */
    let entry = {index, name: command.name ?? '', type: command.type ?? '', state: 'not_run', text: '', raw: null, mark: null};
    if (found[index] !== undefined) entry = readEntry(found[index], entry);
    else if (!stopped) throw new BadAnswer(`entry ${index} is missing`, {body: text});
    stopped ||= entry.state === 'failed';
    return entry;
  });
  return {ok: entries.every((entry) => entry.state === 'done'), entries, text};
}

// ---- the driver

/** @extends EventTarget */
export class BitDriver extends EventTarget {
  /** @param {DriverOptions} options */
  constructor(options) {
    super();
    this.options = {url: DEFAULT_URL, bankToken: '', generation: '1.5', encoding: 'json', timeoutMs: DEFAULT_TIMEOUT_MS,
                    probe: true, fetch: globalThis.fetch.bind(globalThis), ...options};
  }

  /**
   * Runs a package: in order, the first failure stops the rest. Resolves when the driver answered
   * something that can be understood, also if commands failed (answer.ok is false).
   * @param {string} orderId
   * @param {Command[] | string} commands a list, or its JSON text, which is sent as it is
   * @param {RunOptions} [run]
   * @returns {Promise<Answer>}
   */
  async run(orderId, commands, run = {}) {
    const text = typeof commands === 'string' ? commands : JSON.stringify(commands);
    /** @type {unknown} */
    const parsed = JSON.parse(text);
    if (!Array.isArray(parsed) || parsed.length === 0) throw new TypeError('commands must be a list that is not empty');
    const started = Date.now();
    /** @param {Progress['stage']} stage */
    const tell = async (stage) => {
      const progress = {stage, orderId, elapsedMs: Date.now() - started};
      this.dispatchEvent(new CustomEvent('progress', {detail: progress}));
      await run.onProgress?.(progress);
    };
    if (this.options.probe) {
      await tell('connecting');
      await this.probe(run.signal);
    }
    await tell('sending');
    const {kktToken, bankToken, generation, encoding} = this.options;
    const request = encodeRequest({orderId, kktToken, bankToken, commands: text}, generation, encoding);
    const answer = await this.post(request, run);
    await tell('answered');
    return decodeAnswer(answer, parsed);
  }

  /**
   * Whether somebody listens there: a request that runs nothing. Only this tells "nothing was
   * sent" from "the answer is lost": a browser does not say why a request failed.
   * @param {AbortSignal} [signal]
   */
  async probe(signal) {
    const timer = timed(PROBE_TIMEOUT_MS, signal);
    try {
      await this.options.fetch(this.options.url, {method: 'GET', mode: 'no-cors', cache: 'no-store', signal: timer.signal});
    } catch (cause) {
      throw new DriverUnreachable(`no driver answers at ${this.options.url}`, {cause});
    } finally {
      timer.stop();
    }
  }

  /**
   * @param {WireRequest} request @param {RunOptions} run @returns {Promise<string>}
   */
  async post(request, run) {
    const timer = timed(run.timeoutMs ?? this.options.timeoutMs, run.signal);
    try {
      const headers = request.headers.map(([name, value]) => /** @type {[string, string]} */ ([name, toByteString(value)]));
      const answer = await this.options.fetch(this.options.url, {
        method: 'POST', headers, body: request.body, cache: 'no-store', redirect: 'error', signal: timer.signal,
      });
      const body = await answer.text();
      if (answer.ok) return body;
      // A web server that does not know the address or the method has run nothing.
      if (answer.status >= 400 && answer.status < 500) throw new DriverRefused(`the driver answered HTTP ${answer.status}`);
      throw new BadAnswer(`the driver answered HTTP ${answer.status}`, {body});
    } catch (cause) {
      if (cause instanceof DriverError) throw cause;
      const why = timer.expired() ? 'no answer in time' : run.signal?.aborted ? 'given up while waiting' : 'the connection was lost';
      throw new AnswerLost(`the answer is lost: ${why}`, {cause});
    } finally {
      timer.stop();
    }
  }
}

/** A signal that ends with the time, or with another signal. @param {number} ms @param {AbortSignal} [outer] */
function timed(ms, outer) {
  const controller = new AbortController();
  let expired = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    expired = true;
    abort();
  }, ms);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    expired: () => expired,
    stop() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
