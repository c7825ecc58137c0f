// The page for trying the protocol: both modes, the signature, and examples that really work.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import {promisify} from 'node:util';

import {
  DESKTOP, EMULATOR, GATEWAY, PHONE, SHOP, ShopSite, addRegister, closeBrowser, newOrder, openBrowser, openTab, picture, printedReceipts,
  state,
} from './support.mjs';

const run = promisify(execFile);
let site;

before(async () => {
  site = await new ShopSite().start();
  await openBrowser();
});

after(async () => {
  await closeBrowser();
  site.stop();
});

/** The page, filled in. */
async function openTestPage(t, options = {}) {
  // Whether a driver is there is asked by a GET, which the emulator does not take.
  const page = await openTab(t, {...options, expect: [/405/, ...options.expect ?? []]});
  const order = newOrder('test');
  const about = new URLSearchParams({account: SHOP.account_id, token: addRegister().token, code: SHOP.code, order, driver: EMULATOR,
                                     success: `${site.url}/success`, failed: `${site.url}/failed`});
  await page.goto(`${GATEWAY}/test#${about}`);
  await page.waitForSelector('#bench[data-ready]');
  assert.equal(page.url(), `${GATEWAY}/test`, 'the code does not stay in the address');
  return {page, order};
}

const chooseMode = (page, value) => page.check(`[name=mode][value=${value}]`, {force: true});
const kindOf = (page, kind) => page.waitForSelector(`#status[data-kind=${kind}]`);

describe('the page for trying the protocol', {concurrency: 3}, () => {
  for (const [name, device] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    test(`a receipt through the gateway, with its answer (${name})`, async (t) => {
      const {page, order} = await openTestPage(t, device);
      await page.click('#send');
      await kindOf(page, 'good');
      assert.match(await page.textContent('#answer'), /"state": "done"/);
      assert.equal((await printedReceipts(order)).length, 1);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(width <= 0, `nothing hangs over the edge (${width})`);
      await picture(page, `test-gateway-${name}`);
      await page.evaluate(() => scrollTo(0, 0));
      if (name === 'desktop') await picture(page, 'test', {wholePage: false});
    });
  }

  test('the integrity code leaves the page in no request', async (t) => {
    const {page} = await openTestPage(t);
    const sent = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`));
    await page.click('#send');
    await kindOf(page, 'good');
    assert.ok(sent.length >= 1);
    assert.ok(!sent.some((text) => text.includes(SHOP.code)));
    assert.ok(!(await page.textContent('main')).includes(SHOP.code), 'and is not shown');
  });

  test('the dialog opens for the same package', async (t) => {
    const {page, order} = await openTestPage(t);
    const [dialog] = await Promise.all([page.context().waitForEvent('page'), page.click('#dialog-form button')]);
    await state(dialog, 'printed');
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('a wrong code is refused, and the answer shown', async (t) => {
    const {page} = await openTestPage(t, {expect: [/401/]});
    await page.fill('#code', 'wrong');
    await page.click('#send');
    await kindOf(page, 'bad');
    assert.match(await page.textContent('#status'), /401/);
  });

  test('broken JSON is said while it is typed', async (t) => {
    const {page} = await openTestPage(t);
    await page.fill('#data', '[{"type": }]');
    assert.match(await page.textContent('#problem'), /Это не JSON/);
    await page.selectOption('#sample', 'x');
    assert.equal(await page.textContent('#problem'), '');
    assert.match(await page.inputValue('#data'), /kktXReport/);
  });

  test('the curl example is accepted by the gateway', async (t) => {
    const {page, order} = await openTestPage(t);
    const {stdout} = await run('sh', ['-c', await page.textContent('#curl')]);
    const answer = JSON.parse(stdout);
    assert.equal(answer.result, true, stdout);
    assert.equal(answer.order_id, order);
  });

  for (const encoding of ['json', 'form', 'base64', 'hex']) {
    test(`a receipt through the driver nearby, body as ${encoding}`, async (t) => {
      const {page, order} = await openTestPage(t);
      await chooseMode(page, 'local');
      await page.selectOption('#encoding', encoding);
      await page.click('#run');
      await kindOf(page, 'good');
      assert.match(await page.textContent('#answer'), /"fpd"/);
      assert.equal((await printedReceipts(order)).length, 1);
      if (encoding === 'json') await picture(page, 'test-local-desktop');
    });
  }

  test('older drivers know tokens by the names of headers', async (t) => {
    const {page} = await openTestPage(t);
    await chooseMode(page, 'local');
    await page.selectOption('#generation', '1.2');
    assert.match(await page.textContent('#curl'), /Action: toLocalhost/);
    assert.ok((await page.textContent('#curl')).includes(`${await page.inputValue('#token')}: 1`));
  });

  test('the curl example is taken by the driver', async (t) => {
    const {page, order} = await openTestPage(t);
    await chooseMode(page, 'local');
    const {stdout} = await run('sh', ['-c', await page.textContent('#curl')]);
    assert.ok(JSON.parse(stdout)['0'].success, stdout);
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('no driver: nothing was sent, and that is said', async (t) => {
    const {page} = await openTestPage(t, {expect: [/ERR_/]});
    await chooseMode(page, 'local');
    await page.fill('#driver', 'http://127.0.0.1:1');
    await page.click('#run');
    await kindOf(page, 'bad');
    assert.match(await page.textContent('#status'), /Ничего не отправлено/);
  });

  test('a lost answer is never called a failure', async (t) => {
    const {page, order} = await openTestPage(t, {expect: [/ERR_/]});
    await chooseMode(page, 'local');
    await page.fill('#data', (await page.inputValue('#data')).replace('Чай чёрный', 'Чай [fault:lose-answer]'));
    await page.click('#run');
    await kindOf(page, 'wait');
    await page.waitForFunction(() => /может быть пробит/.test(document.querySelector('#status').textContent));
    assert.equal((await printedReceipts(order)).length, 1, 'and never sent again');
  });

  test('a register that refuses is quoted', async (t) => {
    const {page} = await openTestPage(t);
    await chooseMode(page, 'local');
    await page.fill('#data', (await page.inputValue('#data')).replace('Чай чёрный', 'Чай [fault:paper-out]'));
    await page.click('#run');
    await kindOf(page, 'bad');
    assert.match(await page.textContent('#status'), /бумаг/i);
  });

  test('it speaks English, and the keyboard is enough', async (t) => {
    const {page} = await openTestPage(t, {locale: 'en-GB'});
    assert.equal(await page.textContent('h1'), 'Try the protocol');
    await page.focus('#data');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await kindOf(page, 'good');
    assert.ok(!/[А-яё]/.test(await page.textContent('.modes')));
  });
});

test('the page is there only where the configuration says so', async () => {
  assert.equal((await fetch(`${GATEWAY}/test`)).status, 200);
  const policy = (await fetch(`${GATEWAY}/test`)).headers.get('content-security-policy');
  assert.match(policy, /script-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.ok(!policy.includes('unsafe'));
});
