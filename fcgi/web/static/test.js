// The page for trying the protocol. What is typed stays here, except what a button sends; the
// integrity code is only ever put into the signature.
import {
  AnswerLost, BadAnswer, BitDriver, DEFAULT_URL, DriverRefused, DriverUnreachable, encodeRequest, formFields, signedValues,
} from './bit-driver.js';
import {SAMPLES} from './samples.js';

const CREATE = '/api/fiscal/create-receipt.php';
const WAIT_S = 25;
const SHOWN = 48;

/** English for what stands in the page in Russian, and what this script says. @type {Record<string, string>} */
const ENGLISH = {
  title: 'Try the protocol', intro: 'A package of commands, its signature and the answer, in both modes. Nothing of this is kept.',
  mode: 'Mode', gateway: 'Through the gateway', local: 'Register nearby, localhost', what: 'What is sent',
  code_note: 'The integrity code stays in this page: it makes the signature and is never sent.',
  next: 'New', driver: "The driver's address", generation: 'Headers', encoding: 'Encoding of the body', sample: 'Sample',
  package: 'Package of commands, JSON', send: 'Send and show the answer', dialog: "Open the buyer's dialog", run: 'Send to the driver',
  stop: 'Stop waiting', answer: 'Answer', nothing: 'Nothing was sent yet.', signature: 'The signature, step by step',
  signature_note: 'Seven values in a row, without separators, in UTF-8; then md5.', glued: 'All together',
  examples: 'The same from a program', copy: 'Copy', copied: 'Copied', not_json: 'This is not JSON', characters: 'ch.',
  sending: 'Sending…', connecting: 'Looking for the driver…', accepted: 'Accepted, waiting for the register…', receipt: 'The receipt',
  state: "The task's state", done: 'Done: all commands were carried out.', failed: 'The register refused', unknown: 'The result is unknown',
  cancelled: 'Cancelled', refused: 'Refused', no_gateway: 'The gateway does not answer', unreachable: 'No driver answers at this address. Nothing was sent.',
  lost: 'The answer is lost: it may be printed. Look at the register before anything else. (A page that the driver does not allow looks the same.)',
  bad: 'The answer cannot be understood: it may be printed.', hidden: '(the code)', your_code: 'your integrity code',
};
/** @type {Record<string, string>} */
const RUSSIAN = {
  copied: 'Скопировано', not_json: 'Это не JSON', characters: 'зн.', sending: 'Отправляем…', connecting: 'Ищем драйвер…',
  accepted: 'Принято, ждём кассу…', receipt: 'Чек', state: 'Состояние задания', done: 'Готово: все команды выполнены.',
  failed: 'Касса отказала', unknown: 'Результат неизвестен', cancelled: 'Отменено', refused: 'Отказано', no_gateway: 'Шлюз не отвечает',
  unreachable: 'По этому адресу нет драйвера. Ничего не отправлено.',
  lost: 'Ответ потерян: чек может быть пробит. Сначала посмотрите на кассу. (Так же выглядит страница, которую драйвер не допускает.)',
  bad: 'Ответ непонятен: чек может быть пробит.', hidden: '(код)', your_code: 'ваш код целостности',
};
for (const element of document.querySelectorAll('[data-t]')) {
  RUSSIAN[element.getAttribute('data-t') ?? ''] ??= element.textContent ?? '';
}

let english = false;
/** @param {string} key */
const word = (key) => (english ? ENGLISH : RUSSIAN)[key] ?? key;

/**
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} kind @returns {T}
 */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}
const bench = part('bench', HTMLElement);
const data = part('data', HTMLTextAreaElement);
const sample = part('sample', HTMLSelectElement);
/** @param {string} id */
const input = (id) => part(id, HTMLInputElement);
/** @param {string} id */
const text = (id) => part(id, HTMLElement);
const mode = () => /** @type {HTMLInputElement} */ (document.querySelector('[name=mode]:checked')).value;

/** @type {AbortController | undefined} */
let running;

// ---- what is shown

/** @param {string} kind @param {string} words @param {unknown} [body] */
function tell(kind, words, body) {
  const status = text('status');
  status.dataset.kind = kind;
  status.removeAttribute('data-t');
  status.textContent = words;
  const answer = text('answer');
  answer.hidden = body === undefined;
  answer.textContent = typeof body === 'string' ? body : JSON.stringify(body, null, 2) ?? '';
  text('links').hidden = true;
}

/** @param {[string, string][]} links words and addresses */
function link(links) {
  text('links').replaceChildren(...links.map(([words, address]) => {
    const anchor = document.createElement('a');
    anchor.textContent = words;
    anchor.href = address;
    anchor.target = '_blank';
    anchor.rel = 'noopener';
    return anchor;
  }));
  text('links').hidden = links.length === 0;
}

function order() {
  return {
    accountId: input('account').value, kktToken: input('token').value, bankToken: input('bank').value, orderId: input('order').value,
    data: data.value, callbackSuccess: input('success').value, callbackFailed: input('failed').value,
  };
}

/** The fields of the form; a bank terminal is not part of this mode's page. */
const fields = () => formFields({...order(), bankToken: ''}, input('code').value);

/** @param {string} value */
const shorten = (value) => (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);

function showSignature() {
  const values = signedValues(order(), input('code').value);
  const rows = values.map(([name, value]) => {
    const row = document.createElement('tr');
    const secret = name === 'BIT_DATAINTEGRITY_CODE';
    const shown = secret ? word('hidden') : name === 'BIT_DATA' ? shorten(value.replace(/\s+/g, ' ')) : value;
    const cells = [name === 'BIT_DATA' ? 'JSON' : name, shown, `${value.length} ${word('characters')}`];
    row.append(...cells.map((cell, index) => {
      const element = document.createElement(index === 0 ? 'th' : 'td');
      element.textContent = cell;
      return element;
    }));
    return row;
  });
  document.querySelector('#steps tbody')?.replaceChildren(...rows);
  text('glued').textContent = values.map(([name, value]) => (name === 'BIT_DATAINTEGRITY_CODE' ? word('hidden') : value)).join('');
  const made = fields();
  text('signature').textContent = made.BIT_SIGNATURE;
  text('encoded').textContent = made.BIT_DATA;
}

// ---- examples

/** For a shell, in single quotes. @param {string} value */
const quoted = (value) => `'${value.replace(/'/g, `'\\''`)}'`;
/** For PHP, in single quotes. @param {string} value */
const php = (value) => `'${value.replace(/[\\']/g, '\\$&')}'`;

function driverRequest() {
  const {kktToken, bankToken, orderId} = order();
  return encodeRequest({orderId, kktToken, bankToken, commands: data.value}, part('generation', HTMLSelectElement).value,
                       part('encoding', HTMLSelectElement).value);
}

function curlExample() {
  if (mode() === 'local') {
    const {headers, body} = driverRequest();
    const lines = headers.map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)} \\\n`);
    return `curl -sS ${quoted(input('driver').value)} \\\n${lines.join('')}  --data-binary ${quoted(body)}`;
  }
  const lines = Object.entries(fields()).map(([name, value]) => `  --data-urlencode ${quoted(`${name}=${value}`)}`);
  return `curl -sS ${quoted(location.origin + CREATE)} \\\n${lines.join(' \\\n')}`;
}

/** @param {string} text_ */
const nowdoc = (text_) => `<<<'JSON'\n${text_}\nJSON`;

function phpExample() {
  if (mode() === 'local') {
    const {headers, body} = driverRequest();
    const lines = headers.map(([name, value]) => `        ${php(`${name}: ${value}`)},\n`).join('');
    return `<?php
$curl = curl_init(${php(input('driver').value)});
curl_setopt_array($curl, [
    CURLOPT_POSTFIELDS => ${php(body)},
    CURLOPT_HTTPHEADER => [
${lines}    ],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 120,
]);
echo curl_exec($curl) ?: curl_error($curl);`;
  }
  const {accountId, kktToken, orderId, callbackSuccess, callbackFailed} = order();
  return `<?php
$code = ${php(word('your_code'))};
$json = ${nowdoc(data.value)};
$fields = [
    'BIT_ACCOUNT_ID' => ${php(accountId)},
    'BIT_KKT_TOKEN' => ${php(kktToken)},
    'BIT_ORDER_ID' => ${php(orderId)},
    'BIT_DATA' => base64_encode(rawurlencode($json)),
    'BIT_CALLBACK_SUCCESS' => ${php(callbackSuccess)},
    'BIT_CALLBACK_FAILED' => ${php(callbackFailed)},
];
$fields['BIT_SIGNATURE'] = md5($fields['BIT_ACCOUNT_ID'] . $fields['BIT_KKT_TOKEN'] . $fields['BIT_ORDER_ID'] . $json
    . $fields['BIT_CALLBACK_SUCCESS'] . $fields['BIT_CALLBACK_FAILED'] . $code);

$curl = curl_init(${php(location.origin + CREATE)});
curl_setopt_array($curl, [
    CURLOPT_POSTFIELDS => http_build_query($fields),
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 30,
]);
echo curl_exec($curl) ?: curl_error($curl);`;
}

function refresh() {
  bench.dataset.mode = mode();
  let problem = '';
  try {
    JSON.parse(data.value);
  } catch (error) {
    problem = `${word('not_json')}: ${error instanceof Error ? error.message : error}`;
  }
  text('problem').textContent = problem;
  showSignature();
  text('curl').textContent = curlExample();
  text('php').textContent = phpExample();
}

// ---- sending

/** @param {Response} response @returns {Promise<any>} */
const bodyOf = async (response) => {
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    return {body};
  }
};

/** Follows a task to its end. @param {any} accepted */
async function follow(accepted) {
  // By path: the address in the answer is the one shops know the gateway by.
  const links = /** @type {[string, string][]} */ ([
    [word('receipt'), new URL(accepted.receipt_url, location.href).pathname],
    [word('state'), new URL(accepted.status_url, location.href).pathname],
  ]);
  let status = accepted;
  while (['queued', 'sending', 'waiting'].includes(status.state)) {
    tell('wait', word('accepted'), status);
    link(links);
    const response = await fetch(`/api/fiscal/receipts/${accepted.id}?wait=${WAIT_S}`, {cache: 'no-store'});
    status = await bodyOf(response);
    if (!response.ok) return tell('bad', `${word('refused')}: HTTP ${response.status}`, status);
  }
  const kind = status.state === 'done' ? 'good' : status.state === 'unknown' ? 'wait' : 'bad';
  const error = status.error ?? status.outcome?.error;
  tell(kind, error ? `${word(status.state)}: ${error}` : word(status.state), status);
  return link(links);
}

async function send() {
  tell('wait', word('sending'));
  try {
    const response = await fetch(CREATE, {method: 'POST', body: new URLSearchParams(fields()),
                                          headers: {'Accept-Language': english ? 'en' : 'ru'}});
    const answer = await bodyOf(response);
    if (!response.ok) return tell('bad', `HTTP ${response.status}: ${answer.error ?? ''}`, answer);
    return await follow(answer);
  } catch (error) {
    return tell('bad', `${word('no_gateway')}: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {unknown} error */
function tellDriverError(error) {
  if (error instanceof DriverUnreachable) return tell('bad', word('unreachable'));
  if (error instanceof DriverRefused) return tell('bad', `${word('refused')}: ${error.message}`);
  if (error instanceof AnswerLost) return tell('wait', word('lost'));
  if (error instanceof BadAnswer) return tell('wait', word('bad'), error.body);
  return tell('bad', error instanceof Error ? error.message : String(error));
}

async function run() {
  const controller = new AbortController();
  running?.abort();
  running = controller;
  text('stop').hidden = false;
  const driver = new BitDriver({
    url: input('driver').value, kktToken: input('token').value, bankToken: input('bank').value,
    generation: /** @type {any} */ (part('generation', HTMLSelectElement).value),
    encoding: /** @type {any} */ (part('encoding', HTMLSelectElement).value),
  });
  try {
    const answer = await driver.run(input('order').value, data.value, {
      signal: controller.signal,
      onProgress: ({stage}) => { if (stage !== 'answered') tell('wait', word(stage)); },
    });
    const failed = answer.entries.find(({state}) => state === 'failed');
    tell(answer.ok ? 'good' : 'bad', failed ? `${word('failed')}: ${failed.text}` : word('done'), answer.entries);
  } catch (error) {
    tellDriverError(error);
  } finally {
    if (running === controller) text('stop').hidden = true;
  }
}

// ---- setting up

function nextOrder() {
  input('order').value = `test-${Date.now().toString(36)}-${Math.floor(Math.random() * 1296).toString(36)}`;
}

function fillSamples() {
  const chosen = sample.value;
  sample.replaceChildren(...SAMPLES.map((entry) => new Option(english ? entry.english : entry.russian, entry.key)));
  sample.value = chosen || SAMPLES[0].key;
}

function takeSample() {
  const entry = SAMPLES.find(({key}) => key === sample.value) ?? SAMPLES[0];
  data.value = JSON.stringify(entry.commands, null, 2);
}

/** @param {boolean} wanted */
function speak(wanted) {
  english = wanted;
  document.documentElement.lang = english ? 'en' : 'ru';
  text('language').textContent = english ? 'Русский' : 'English';
  text('language').lang = english ? 'ru' : 'en';
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = word(element.getAttribute('data-t') ?? '');
  document.title = `${word('title')} · Fiscalgate`;
  fillSamples();
  refresh();
}

/** What the demo knows comes behind the #, which browsers do not send; then it is taken off the address. */
function prefill() {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const field = document.getElementById(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = text(button.dataset.copy ?? '');
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    button.textContent = word('copied');
    setTimeout(() => { button.textContent = word('copy'); }, 2000);
  } catch {  // no permission: have it selected, ready for the keyboard
    getSelection()?.selectAllChildren(source);
    source.focus();
  }
}

input('driver').value = DEFAULT_URL;
nextOrder();
prefill();
speak(new URLSearchParams(location.search).get('lang') === 'en' || !/^ru\b/.test(navigator.language));
takeSample();
refresh();

bench.addEventListener('input', refresh);
sample.addEventListener('change', () => {
  takeSample();
  refresh();
});
text('next').addEventListener('click', () => {
  nextOrder();
  refresh();
});
text('language').addEventListener('click', () => speak(!english));
text('send').addEventListener('click', send);
text('run').addEventListener('click', run);
text('stop').addEventListener('click', () => running?.abort());
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => copy(/** @type {HTMLElement} */ (button)));
}
part('dialog-form', HTMLFormElement).addEventListener('submit', () => {
  const form = part('dialog-form', HTMLFormElement);
  form.querySelectorAll('input').forEach((old) => old.remove());
  for (const [name, value] of Object.entries(fields())) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
});
bench.dataset.ready = 'yes';
