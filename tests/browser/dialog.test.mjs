// The dialog as a buyer sees it: from the shop's button to the shop's page, with and without faults.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {
  DESKTOP, EMULATOR, GATEWAY, PHONE, ShopSite, addRegister, admin, closeBrowser, closedPort, form, newOrder, openBrowser, openTab, pay,
  picture, printedReceipts, receipt, state,
} from './support.mjs';

let site;

before(async () => {
  site = await new ShopSite().start();
  await openBrowser();
});

after(async () => {
  await closeBrowser();
  site.stop();
});

const visitsOf = (order) => site.visits.filter(({json}) => json && JSON.parse(json).order_id === order);
const atShop = (page, path) => page.waitForURL(`${site.url}${path}`).then(() => page.waitForSelector('#shop'));

/** What the callback must say too: all but the id, which opens the shop's side of the gateway. */
function assertSameAsCallback(json, order) {
  const callback = site.callbacks.map((call) => JSON.parse(call.json)).find(({order_id: id}) => id === order);
  assert.ok(callback, `a callback for ${order}`);
  delete callback.id;
  assert.deepEqual(JSON.parse(json), callback);
}

async function untilCallback(order) {
  const deadline = Date.now() + 20_000;
  while (!site.callbacks.some(({json}) => JSON.parse(json).order_id === order) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const idOf = (order) => admin('task', 'list', '--order', order)[0].id;

describe('the dialog', {concurrency: 3}, () => {
  for (const [name, device] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    test(`a receipt is printed, shown and taken to the shop's page (${name})`, async (t) => {
      const page = await openTab(t, device);
      const order = newOrder();
      await pay(page, site, form(site, addRegister(), order));
      await page.waitForURL(`${GATEWAY}/d/*`);
      await state(page, 'printed');
      await page.waitForSelector('#qr[src]');
      await page.waitForFunction(() => document.querySelector('#qr').naturalWidth > 0);
      assert.match(await page.textContent('#facts'), /250\.00 ₽/);
      assert.match(await page.getAttribute('#receipt', 'href'), /\/r\//);
      await picture(page, `dialog-printed-${name}`);
      if (name === 'phone') await picture(page, 'dialog-printed', {part: 'main'});
      await atShop(page, '/success?from=dlg');
      const [visit, ...more] = visitsOf(order);
      assert.deepEqual(more, []);
      assert.equal(visit.method, 'POST');
      const result = JSON.parse(visit.json);
      assert.equal(result.result, true);
      assert.equal(result.state, 'done');
      assert.match(result['0'].fn_1041, /^9999/);
      assert.match(visit.json, /^\{\r?\n {2}"/, 'readable');
      assert.equal((await printedReceipts(order)).length, 1);
      await untilCallback(order);
      assertSameAsCallback(visit.json, order);
    });
  }

  test('the page leaves at once when asked to', async (t) => {
    const page = await openTab(t);
    await page.clock.install();
    await pay(page, site, form(site, addRegister(), newOrder()));
    await state(page, 'printed');
    await page.waitForSelector('#countdown:not([hidden])');
    await page.click('#leave button.primary');
    await atShop(page, '/success?from=dlg');
  });

  test('whoever wants to stay stays, and may still go', async (t) => {
    const page = await openTab(t);
    await pay(page, site, form(site, addRegister(), newOrder()));
    await page.click('#stay');
    await page.waitForSelector('#countdown', {state: 'hidden'});
    assert.equal(await page.evaluate(() => document.activeElement.id), 'title', 'the keyboard keeps its place');
    await page.click('#receipt');
    await page.click('#leave button.primary');
    await atShop(page, '/success?from=dlg');
  });

  test('coming back from the shop does not send the buyer there again', async (t) => {
    const page = await openTab(t);
    await pay(page, site, form(site, addRegister(), newOrder()));
    await atShop(page, '/success?from=dlg');
    await page.goBack();
    await state(page, 'printed');
    await page.reload();
    await state(page, 'printed');
    assert.ok(await page.isHidden('#countdown'));
    assert.ok(await page.isVisible('#leave button.primary'));
  });

  test('paper out: said in the register\'s words, then to the failed page', async (t) => {
    const page = await openTab(t);
    const order = newOrder();
    await pay(page, site, form(site, addRegister(), order, receipt('Чай [fault:paper-out:always]')));
    await state(page, 'failed');
    assert.match(await page.textContent('#said'), /бумаг/i);
    await picture(page, 'dialog-failed-desktop');
    await atShop(page, '/failed');
    const result = JSON.parse(visitsOf(order)[0].json);
    assert.equal(result.result, false);
    assert.match(result.error, /бумаг/i);
    assert.equal((await printedReceipts(order)).length, 0);
  });

  test('a lost answer: nobody knows, the page stays, and shows what the operator finds', async (t) => {
    const page = await openTab(t, PHONE);
    const order = newOrder();
    await pay(page, site, form(site, addRegister(), order, receipt('Чай [fault:lose-answer]')));
    await state(page, 'unknown');
    assert.match(await page.textContent('#text'), /платить второй раз не нужно/);
    assert.ok(await page.isHidden('#leave'), 'neither success nor failure');
    assert.equal(await page.getAttribute('#site a', 'href'), `${site.url}/`);
    await picture(page, 'dialog-unknown-phone');
    const id = idOf(order);
    admin('task', 'settle', id, '--printed', '--why', 'on the tape');
    await atShop(page, '/success?from=dlg');
    assert.equal(JSON.parse(visitsOf(order)[0].json).result, true);
  });

  test('a register that is off: the page says so and goes on when it is back', async (t) => {
    const page = await openTab(t);
    const register = addRegister(`http://127.0.0.1:${await closedPort()}`);
    await pay(page, site, form(site, register, newOrder()));
    await page.waitForFunction(() => /Касса сейчас недоступна/.test(document.querySelector('#text').textContent));
    assert.ok(!(await page.textContent('main')).includes('127.0.0.1'), 'no address of a register');
    assert.equal(await page.getAttribute('#dialog', 'data-state'), 'queued');
    await picture(page, 'dialog-waiting-desktop');
    admin('register', 'set', register.name, '--url', EMULATOR);
    await state(page, 'printed');
    await atShop(page, '/success?from=dlg');
  });

  test('the queue: how many are before, then the turn', async (t) => {
    const register = addRegister(`http://127.0.0.1:${await closedPort()}`);
    const first = await openTab(t);
    await pay(first, site, form(site, register, newOrder()));
    await state(first, 'queued');
    const second = await openTab(t);
    await pay(second, site, form(site, register, newOrder()));
    await second.waitForFunction(() => /в очереди: 1\./.test(document.querySelector('#text').textContent));
    admin('register', 'set', register.name, '--url', EMULATOR);
    await Promise.all([atShop(first, '/success?from=dlg'), atShop(second, '/success?from=dlg')]);
  });

  test('cancelled before it was sent: never printed, and the shop is told', async (t) => {
    const page = await openTab(t, PHONE);
    const order = newOrder();
    const register = addRegister(`http://127.0.0.1:${await closedPort()}`);
    await pay(page, site, form(site, register, order));
    await page.waitForFunction(() => /недоступна/.test(document.querySelector('#text').textContent));
    await picture(page, 'dialog-queued-phone');
    await picture(page, 'dialog-waiting', {part: 'main'});
    await page.click('#cancel button');
    await state(page, 'cancelled');
    assert.ok(await page.isHidden('#cancel'));
    await atShop(page, '/failed');
    const result = JSON.parse(visitsOf(order)[0].json);
    assert.equal(result.result, false);
    assert.equal(result.state, 'cancelled');
    assert.ok(result.error);
    admin('register', 'set', register.name, '--url', EMULATOR);
    await untilCallback(order);
    assertSameAsCallback(visitsOf(order)[0].json, order);
    assert.equal((await printedReceipts(order)).length, 0);
  });

  test('too late to cancel: the register is at work, and the page says so', async (t) => {
    const page = await openTab(t, {expect: [/409/]});
    const order = newOrder();
    const register = addRegister(`http://127.0.0.1:${await closedPort()}`);
    await pay(page, site, form(site, register, order, receipt('Чай [fault:slow:4000]')));
    await state(page, 'queued');
    // The page learns nothing more: its button is the one of a moment ago.
    await page.route('**/state?*', () => {});
    await page.reload();
    await state(page, 'queued');
    admin('register', 'set', register.name, '--url', EMULATOR);
    const id = idOf(order);
    while ((await (await fetch(`${GATEWAY}/api/fiscal/receipts/${id}`)).json()).state === 'queued');
    await page.click('#cancel button');
    await page.waitForSelector('#notice:not([hidden])');
    assert.match(await page.textContent('#notice'), /Отменить уже нельзя/);
    await state(page, 'sending');
    assert.ok(await page.isHidden('#cancel'));
    await picture(page, 'dialog-sending-desktop');
  });

  test('a reload in the middle shows the same task', async (t) => {
    const page = await openTab(t);
    const order = newOrder();
    await pay(page, site, form(site, addRegister(), order, receipt('Чай [fault:slow:2500]')));
    await state(page, 'sending');
    const address = page.url();
    await page.reload();
    assert.equal(page.url(), address);
    await atShop(page, '/success?from=dlg');
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('the same form posted twice leads to the same page and one receipt', async (t) => {
    const order = newOrder();
    const fields = form(site, addRegister(), order, receipt('Чай [fault:slow:1500]'));
    const [first, second] = [await openTab(t), await openTab(t)];
    await Promise.all([pay(first, site, fields), pay(second, site, fields)]);
    await Promise.all([first.waitForURL(`${GATEWAY}/d/*`), second.waitForURL(`${GATEWAY}/d/*`)]);
    assert.equal(first.url(), second.url());
    await Promise.all([atShop(first, '/success?from=dlg'), atShop(second, '/success?from=dlg')]);
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('without scripts: the page reloads itself, and plain forms do the rest', async (t) => {
    const page = await openTab(t, {javaScriptEnabled: false});
    const order = newOrder();
    const register = addRegister(`http://127.0.0.1:${await closedPort()}`);
    await pay(page, site, form(site, register, order));
    await page.waitForSelector('main[data-state=queued]');
    admin('register', 'set', register.name, '--url', EMULATOR);
    await page.waitForSelector('main[data-state=printed]');
    assert.ok(await page.isHidden('#countdown'));
    await page.click('#leave button.primary');
    await atShop(page, '/success?from=dlg');
    assert.equal(JSON.parse(visitsOf(order)[0].json).result, true);
  });

  test('without scripts: cancel is a plain form', async (t) => {
    const page = await openTab(t, {javaScriptEnabled: false});
    const order = newOrder();
    await pay(page, site, form(site, addRegister(`http://127.0.0.1:${await closedPort()}`), order));
    await page.waitForSelector('main[data-state=queued]');
    await page.click('#cancel button');
    await page.waitForSelector('main[data-state=cancelled]');
    await page.click('#leave button.primary');
    await atShop(page, '/failed');
  });

  test('the keyboard alone is enough, and its place is seen', async (t) => {
    const page = await openTab(t);
    await pay(page, site, form(site, addRegister(`http://127.0.0.1:${await closedPort()}`), newOrder()));
    await state(page, 'queued');
    const focused = () => page.evaluate(() => {
      const element = document.activeElement;
      return {text: element.textContent.trim(), outline: getComputedStyle(element).outlineStyle};
    });
    await page.keyboard.press('Tab');
    assert.deepEqual(await focused(), {text: 'English', outline: 'solid'});
    await page.keyboard.press('Tab');
    assert.deepEqual(await focused(), {text: 'Отменить чек', outline: 'solid'});
    await page.keyboard.press('Enter');
    await state(page, 'cancelled');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
    await page.waitForSelector('#stay:not([hidden])');
    await page.keyboard.press('Tab');
    assert.equal((await focused()).text, 'Вернуться в магазин');
    await page.keyboard.press('Enter');
    await atShop(page, '/failed');
  });

  test('the page speaks English too', async (t) => {
    const page = await openTab(t, {locale: 'en-GB'});
    await pay(page, site, form(site, addRegister(), newOrder()));
    await state(page, 'printed');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.match(await page.textContent('#title'), /The receipt is made/);
    await page.click('#stay');
    await page.click('a.language');
    await page.waitForSelector('html[lang=ru]');
    assert.match(await page.textContent('#title'), /Чек пробит/);
  });

  test('in the dark', async (t) => {
    const page = await openTab(t, {...PHONE, colorScheme: 'dark', reducedMotion: 'reduce'});
    await pay(page, site, form(site, addRegister(), newOrder()));
    await state(page, 'printed');
    await page.click('#stay');
    await picture(page, 'dialog-printed-phone-dark');
  });

  test('the network goes and comes back', async (t) => {
    const page = await openTab(t, {expect: [/ERR_INTERNET_DISCONNECTED|Failed to load/]});
    await pay(page, site, form(site, addRegister(), newOrder(), receipt('Чай [fault:slow:6000]')));
    await state(page, 'sending');
    await page.context().setOffline(true);
    await page.waitForSelector('#notice:not([hidden])');
    await page.context().setOffline(false);
    await atShop(page, '/success?from=dlg');
  });

  test('a refused form is a page with its faults', async (t) => {
    const page = await openTab(t, {expect: [/422/]});
    const broken = JSON.parse(receipt());
    broken[0].data['1059'][0].tax_1199 = 77;
    delete broken[0].data.taxationType_1055;
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('create-receipt-dlg')),
      pay(page, site, form(site, addRegister(), newOrder(), JSON.stringify(broken))),
    ]);
    assert.equal(answer.status(), 422);
    assert.match(await page.textContent('#title'), /Чек не прошёл проверку/);
    assert.ok(await page.locator('.faults li').count() >= 2);
    assert.match(await page.textContent('.faults'), /tax_1199/);
    await picture(page, 'dialog-refused-desktop');
  });

  test('a wrong signature is refused without a word about the rest', async (t) => {
    const page = await openTab(t, {expect: [/401/]});
    const fields = {...form(site, addRegister(), newOrder()), BIT_CALLBACK_SUCCESS: 'https://elsewhere.example/'};
    await pay(page, site, fields);
    await page.waitForSelector('#refusal');
    assert.match(await page.textContent('#title'), /неверная подпись/);
    assert.ok(!(await page.content()).includes('elsewhere.example'));
  });

  test('without callback addresses the page stays', async (t) => {
    const page = await openTab(t);
    await pay(page, site, form(null, addRegister(), newOrder()));
    await state(page, 'printed');
    assert.ok(await page.isHidden('#leave'));
    assert.ok(await page.isHidden('#countdown'));
  });

  test('no other page may frame it', async (t) => {
    const page = await openTab(t, {expect: [/frame/i]});
    await pay(page, site, form(null, addRegister(), newOrder()));
    await state(page, 'printed');
    const address = page.url();
    await page.goto(site.put(`<!DOCTYPE html><link rel="icon" href="data:,"><iframe id="f" src="${address}"></iframe>`));
    const frame = await (await page.waitForSelector('#f')).contentFrame();
    await frame.waitForLoadState();
    assert.equal(await frame.locator('#dialog').count(), 0);
  });

  test('each link opens what it is for and nothing else', async (t) => {
    const page = await openTab(t);
    const order = newOrder();
    await pay(page, site, form(null, addRegister(), order));
    await state(page, 'printed');
    const token = new URL(page.url()).pathname.split('/').at(-1);
    const receiptToken = (await page.getAttribute('#receipt', 'href')).match(/\/r\/([^?]+)/)[1];
    for (const path of [`/d/${receiptToken}`, `/r/${token}`, `/api/fiscal/receipts/${token}`, `/d/${receiptToken}/state`]) {
      assert.equal((await fetch(GATEWAY + path)).status, 404, path);
    }
    const spoken = await (await fetch(`${GATEWAY}/d/${token}/state`)).text() + await page.content();
    const id = idOf(order);
    assert.ok(!spoken.includes(id), 'the id stays inside');
    const answer = await fetch(`${GATEWAY}/d/${token}/cancel`, {method: 'POST', body: new URLSearchParams({secret: 'guessed'})});
    assert.equal(answer.status, 403);
  });

  test('styles and scripts are kept by their content', async () => {
    const html = await (await fetch(`${GATEWAY}/api/create-receipt-dlg`, {method: 'POST', body: ''})).text();
    const address = html.match(/href="(\/static\/pages\.css\?v=[0-9a-f]+)"/)[1];
    const first = await fetch(GATEWAY + address);
    assert.match(first.headers.get('cache-control'), /immutable/);
    assert.equal(first.headers.get('x-content-type-options'), 'nosniff');
    const again = await fetch(GATEWAY + address.split('?')[0], {headers: {'If-None-Match': first.headers.get('etag')}});
    assert.equal(again.status, 304);
    assert.equal(again.headers.get('cache-control'), 'no-cache');
    assert.equal((await fetch(`${GATEWAY}/static/test.html`)).status, 404);
    assert.equal((await fetch(`${GATEWAY}/static/nothing.js`)).status, 404);
  });
});
