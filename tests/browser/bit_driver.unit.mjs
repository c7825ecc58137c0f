// cms-plugins/js/bit-driver.js against the vectors that the gateway's own codec is held to.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {test} from 'node:test';

import {
  AnswerLost, BadAnswer, BitDriver, DriverError, DriverRefused, DriverUnreachable, decodeAnswer, encodeData, encodeRequest,
  formFields, md5Hex, signature, signedValues,
} from '../../cms-plugins/js/bit-driver.js';

const vectors = (name) => JSON.parse(readFileSync(new URL(`../data/bit/${name}.json`, import.meta.url), 'utf8'));
const X_REPORT = [{name: 'X', type: 'kktXReport'}];
const DONE = '{"0":{"success":"ok"}}';

test('md5 is the one of RFC 1321, for every length around a block', () => {
  assert.equal(md5Hex(''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(md5Hex('abc'), '900150983cd24fb0d6963f7d28e17f72');
  assert.equal(md5Hex('12345678901234567890123456789012345678901234567890123456789012345678901234567890'),
               '57edf4a22be3c955ac49da2e2107b67a');
  assert.equal(md5Hex('Чек №1'.repeat(1000)).length, 32);
});

test('md5 agrees with another implementation', async () => {
  const {createHash} = await import('node:crypto');
  for (let length = 0; length < 200; ++length) {
    const text = 'ж1'.repeat(length).slice(0, length);
    assert.equal(md5Hex(text), createHash('md5').update(text).digest('hex'), `length ${length}`);
  }
});

test('forms are signed as shops sign them', () => {
  let checked = 0;
  for (const row of vectors('forms').accepted) {
    if (row.signs !== 'decoded') continue;
    const {fields} = row;
    const order = {accountId: fields.BIT_ACCOUNT_ID, kktToken: fields.BIT_KKT_TOKEN, orderId: fields.BIT_ORDER_ID, data: row.data,
                   callbackSuccess: fields.BIT_CALLBACK_SUCCESS, callbackFailed: fields.BIT_CALLBACK_FAILED};
    assert.equal(signature(order, row.code), row.signature.toLowerCase(), row.name);
    assert.equal(signedValues(order, row.code).length, 7);
    checked += 1;
  }
  assert.ok(checked >= 10);
});

test('receipts built by the library for PHP are signed alike here', () => {
  const rows = vectors('built_receipts').built;
  for (const {fields, data, code, name} of rows) {
    const order = {accountId: fields.BIT_ACCOUNT_ID, kktToken: fields.BIT_KKT_TOKEN, orderId: fields.BIT_ORDER_ID, data,
                   callbackSuccess: fields.BIT_CALLBACK_SUCCESS, callbackFailed: fields.BIT_CALLBACK_FAILED};
    assert.equal(signature(order, code), fields.BIT_SIGNATURE, name);
  }
  assert.ok(rows.length > 10);
});

test('BIT_DATA is encoded as a browser does it', () => {
  const row = vectors('forms').accepted.find(({name}) => name === 'browser');
  assert.equal(encodeData(row.data), row.encoded);
  const {fields} = row;
  const made = formFields({accountId: fields.BIT_ACCOUNT_ID, kktToken: fields.BIT_KKT_TOKEN, orderId: fields.BIT_ORDER_ID,
                           data: row.data, callbackSuccess: fields.BIT_CALLBACK_SUCCESS,
                           callbackFailed: fields.BIT_CALLBACK_FAILED}, row.code);
  assert.equal(made.BIT_SIGNATURE, row.signature);
  assert.ok(!Object.values(made).includes(row.code), 'the code does not travel');
});

test('requests are encoded as the gateway encodes them', () => {
  let checked = 0;
  for (const row of vectors('driver_requests')) {
    if (!row.encoded) continue;
    const made = encodeRequest({orderId: row.order_id, kktToken: row.kkt_token, bankToken: row.bank_token, commands: row.commands},
                               row.generation, row.encoding);
    assert.deepEqual(made, {headers: row.headers, body: row.body}, row.name);
    checked += 1;
  }
  assert.ok(checked >= 5);
});

test('unknown encodings and generations are a mistake of the caller', () => {
  const request = {orderId: '1', kktToken: 'k', commands: '[]'};
  assert.throws(() => encodeRequest(request, '1.5', 'xml'), TypeError);
  assert.throws(() => encodeRequest(request, '1.3'), TypeError);
});

for (const row of vectors('driver_answers')) {
  test(`answer: ${row.name}`, () => {
    const sent = row.sent.map((type) => ({name: 'n', type}));
    const body = row.body ?? `{"0":{"error":"${row.body_repeat.repeat(2000)}"}}`;
    if (row.bad) return assert.throws(() => decodeAnswer(body, sent), BadAnswer);
    if (row.refused) {
      return assert.throws(() => decodeAnswer(body, sent), (error) => {
        assert.ok(error instanceof DriverRefused);
        assert.equal(error.message, row.refused);
        assert.equal(error.maybePrinted, false);
        return true;
      });
    }
    const answer = decodeAnswer(body, sent);
    assert.deepEqual(answer.entries.map(({state}) => state), row.states);
    if (row.texts) assert.deepEqual(answer.entries.map(({text}) => text), row.texts);
    else assert.ok(Buffer.byteLength(answer.entries[0].text) <= 500);
    assert.equal(answer.ok, row.states.every((state) => state === 'done'));
    if (!row.fd) return undefined;
    const {mark} = answer.entries[0];
    return assert.deepEqual([mark.fd, mark.fn, mark.fpd], [row.fd, row.fn, row.fpd]);
  });
}

test('answers nested without end are refused, not followed', () => {
  assert.throws(() => decodeAnswer('['.repeat(100_000), X_REPORT), BadAnswer);
});

/** A driver as told; gives its address and what it was asked. */
async function driver(t, answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({method: request.method, headers: request.headers, body});
    if (request.method === 'GET') return response.writeHead(404).end();
    return answer(response, request);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `http://127.0.0.1:${server.address().port}`, asked};
}

test('a package is sent once, with progress, and its answer read', async (t) => {
  const {url, asked} = await driver(t, (response) => response.end(DONE));
  const client = new BitDriver({url, kktToken: 'token'});
  const events = [];
  const calls = [];
  client.addEventListener('progress', (event) => events.push(event.detail.stage));
  const answer = await client.run('Заказ 7', X_REPORT, {onProgress: async ({stage}) => { calls.push(stage); }});
  assert.equal(answer.ok, true);
  assert.deepEqual(events, ['connecting', 'sending', 'answered']);
  assert.deepEqual(calls, events);
  const posts = asked.filter(({method}) => method === 'POST');
  assert.equal(posts.length, 1);
  assert.equal(posts[0].body, JSON.stringify(X_REPORT));
  assert.equal(Buffer.from(posts[0].headers.bit_order_id, 'latin1').toString(), 'Заказ 7');
});

test('the text of a package is sent as it was written', async (t) => {
  const {url, asked} = await driver(t, (response) => response.end(DONE));
  const text = '[ {"type": "kktXReport", "price_1079": 11.00} ]';
  await new BitDriver({url, kktToken: 'token'}).run('7', text);
  assert.equal(asked.at(-1).body, text);
});

test('nobody there: nothing was sent', async () => {
  const client = new BitDriver({url: 'http://127.0.0.1:1', kktToken: 'token'});
  await assert.rejects(client.run('7', X_REPORT), (error) => error instanceof DriverUnreachable && !error.maybePrinted);
});

test('a connection that ends without an answer may have printed', async (t) => {
  const {url, asked} = await driver(t, (response) => response.destroy());
  await assert.rejects(new BitDriver({url, kktToken: 'token'}).run('7', X_REPORT),
                       (error) => error instanceof AnswerLost && error.maybePrinted);
  assert.equal(asked.filter(({method}) => method === 'POST').length, 1, 'never sent again by itself');
});

test('no answer in time is a lost answer', async (t) => {
  const {url} = await driver(t, () => {});
  await assert.rejects(new BitDriver({url, kktToken: 'token', timeoutMs: 50}).run('7', X_REPORT),
                       (error) => error instanceof AnswerLost && /in time/.test(error.message));
});

test('giving up while waiting is a lost answer too', async (t) => {
  const controller = new AbortController();
  const {url} = await driver(t, () => controller.abort());
  await assert.rejects(new BitDriver({url, kktToken: 'token'}).run('7', X_REPORT, {signal: controller.signal}), AnswerLost);
});

test('half an answer and HTTP 500 are not understood, HTTP 404 is a refusal', async (t) => {
  const half = await driver(t, (response) => response.end('{"0":'));
  await assert.rejects(new BitDriver({url: half.url, kktToken: 'k'}).run('7', X_REPORT), BadAnswer);
  const broken = await driver(t, (response) => response.writeHead(500).end('oops'));
  await assert.rejects(new BitDriver({url: broken.url, kktToken: 'k'}).run('7', X_REPORT),
                       (error) => error instanceof BadAnswer && error.maybePrinted && error.body === 'oops');
  const absent = await driver(t, (response) => response.writeHead(404).end());
  await assert.rejects(new BitDriver({url: absent.url, kktToken: 'k'}).run('7', X_REPORT), DriverRefused);
});

test('all errors are of one family', () => {
  for (const kind of [DriverUnreachable, DriverRefused, AnswerLost, BadAnswer]) {
    const error = new kind('x');
    assert.ok(error instanceof DriverError && error.name === kind.name);
  }
});
