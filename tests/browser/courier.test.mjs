// A courier with a phone: signs in, sells for cash and by card, and never makes a second receipt.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {
  EMULATOR, GATEWAY, PHONE, SHOP, addRegister, admin, closeBrowser, closedPort, openBrowser, openTab, picture, printedReceipts,
} from './support.mjs';

before(async () => {
  const file = join(tmpdir(), `fiscalgate-goods-${process.pid}.json`);
  writeFileSync(file, JSON.stringify([
    {name: 'Пицца «Маргарита»', price: '490', vat: 6}, {name: 'Пицца «Четыре сыра»', price: 620.5}, {name: 'Лимонад, 0,5 л', price: '120.00'},
    {name: 'Салат «Цезарь»', price: '380'}, {name: 'Морс клюквенный', price: '95'},
  ]));
  admin('courier', 'goods', '--shop', SHOP.account_id, '--file', file);
  await openBrowser();
});

after(closeBrowser);

/** A courier of their own for a test, with a register of their own. */
function addCourier(url = EMULATOR) {
  const register = addRegister(url, '--bank-token', randomBytes(16).toString('hex'));
  return {...admin('courier', 'add', '--shop', SHOP.account_id, '--register', register.name, '--name', 'Пётр Смирнов'), kkt: register};
}

async function signIn(page, courier) {
  await page.goto(`${GATEWAY}/courier`);
  for (;;) {
    await page.fill('[name=login]', courier.login);
    await page.fill('[name=password]', courier.password);
    await page.click('#sign-in button');
    await page.waitForSelector('#selling:not([hidden]), .notice:not([hidden])');
    if (await page.isVisible('#selling')) return;
    // Few passwords are checked at a time, and other tests sign in too.
    assert.match(await page.textContent('.notice'), /попробуйте ещё раз|please try again/);
  }
}

async function openCourier(t, options = {}) {
  const {url, ...rest} = options;
  const courier = addCourier(url);
  const page = await openTab(t, {...PHONE, ...rest, expect: [/503/, ...rest.expect ?? []]});
  await signIn(page, courier);
  await page.waitForSelector('#goods li');
  return {page, courier};
}

const pick = (page, name) => page.click(`#goods button:has-text("${name}")`);
const sold = (page, state) => page.waitForSelector(`#sold[data-state=${state}]`);
const orderOf = (page) => page.textContent('#order');

describe('the courier', {concurrency: 3}, () => {
  test('sells for cash and shows the QR code', async (t) => {
    const {page} = await openCourier(t);
    await pick(page, 'Маргарита');
    await pick(page, 'Маргарита');
    await pick(page, 'Лимонад');
    await page.click('.other summary');
    await page.fill('#other [name=name]', 'Доставка');
    await page.fill('#other [name=price]', '150,50');
    await page.click('#other button');
    assert.equal(await page.textContent('#total'), '1250.50 ₽');
    await page.click('#cart li:nth-child(2) button >> nth=0');
    assert.equal(await page.textContent('#total'), '1130.50 ₽');
    await page.fill('#contact', 'buyer@example.com');
    await picture(page, 'courier-cart');
    await picture(page, 'courier', {part: 'main'});
    await page.click('#cash');
    await sold(page, 'printed');
    await page.waitForFunction(() => document.querySelector('#qr').naturalWidth > 0);
    await picture(page, 'courier-sold');
    const order = await orderOf(page);
    const receipts = await printedReceipts(order);
    assert.equal(receipts.length, 1);
    assert.match(JSON.stringify(receipts[0]), /1130\.50/);
    await page.click('#next');
    await page.waitForSelector('#selling:not([hidden])');
    assert.equal(await page.textContent('#total'), '0.00 ₽');
  });

  test('by card: first the payment, then the receipt', async (t) => {
    const {page} = await openCourier(t);
    await pick(page, 'Цезарь');
    await page.click('#card');
    await sold(page, 'printed');
    assert.equal((await printedReceipts(await orderOf(page))).length, 1);
    const slips = await (await fetch(`${EMULATOR}/emulator/slips`)).json();
    assert.match(JSON.stringify(slips), /380/);
  });

  test('the card was charged and the receipt failed: that is said', async (t) => {
    const {page} = await openCourier(t);
    await page.click('.other summary');
    await page.fill('#other [name=name]', 'Пицца [fault:paper-out:always]');
    await page.fill('#other [name=price]', '10');
    await page.click('#other button');
    await page.click('#card');
    await sold(page, 'failed');
    assert.match(await page.textContent('#text'), /Оплата картой прошла/);
    assert.ok(await page.isVisible('#next'));
  });

  test('a connection that drops after the sale was taken makes no second receipt', async (t) => {
    const {page} = await openCourier(t, {expect: [/ERR_/]});
    let posts = 0;
    await page.route('**/courier/receipts*', async (route) => {
      posts += 1;
      if (posts > 2) return route.continue();
      await route.fetch();  // it arrives; the answer does not
      return route.abort('connectionreset');
    });
    await pick(page, 'Морс');
    await page.click('#cash');
    await sold(page, 'printed');
    assert.ok(posts >= 3);
    assert.equal((await printedReceipts(await orderOf(page))).length, 1);
  });

  test('a phone that loses the page in the middle goes on with the same order', async (t) => {
    const {page, courier} = await openCourier(t, {url: `http://127.0.0.1:${await closedPort()}`});
    await pick(page, 'Морс');
    await page.click('#cash');
    await sold(page, 'queued');
    const order = await orderOf(page);
    await page.reload();
    await sold(page, 'queued');
    assert.equal(await orderOf(page), order);
    admin('register', 'set', courier.kkt.name, '--url', EMULATOR);
    await sold(page, 'printed');
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('an offline phone sells when it is back', async (t) => {
    const {page} = await openCourier(t, {expect: [/ERR_INTERNET_DISCONNECTED/]});
    await pick(page, 'Морс');
    await page.context().setOffline(true);
    await page.click('#cash');
    await page.waitForSelector('#notice:not([hidden])');
    assert.match(await page.textContent('#notice'), /Нет связи/);
    await page.context().setOffline(false);
    await sold(page, 'printed');
    assert.equal((await printedReceipts(await orderOf(page))).length, 1);
  });

  test('a refused sale can be changed', async (t) => {
    const {page} = await openCourier(t, {expect: [/422/]});
    await pick(page, 'Морс');
    await page.fill('#contact', 'no address');
    await page.click('#cash');
    await sold(page, 'refused');
    assert.ok(await page.locator('#faults li').count() > 0);
    await page.click('#back');
    await page.waitForSelector('#selling:not([hidden])');
    assert.equal(await page.textContent('#total'), '95.00 ₽', 'the cart is still there');
    await page.fill('#contact', '');
    await page.click('#cash');
    await sold(page, 'printed');
  });

  test('refused after an unanswered try: nobody sells it again by mistake', async (t) => {
    const {page, courier} = await openCourier(t, {expect: [/403|ERR_/]});
    let posts = 0;
    await page.route('**/courier/receipts*', async (route) => {
      posts += 1;
      if (posts > 1) return route.continue();
      await route.fetch();
      admin('register', 'disable', courier.kkt.name);
      return route.abort('connectionreset');
    });
    await pick(page, 'Морс');
    await page.click('#cash');
    await sold(page, 'refused');
    assert.match(await page.textContent('#text'), /чек мог быть принят/);
    assert.ok(await page.isHidden('#back'));
  });

  test('a new password ends the session, and the sale goes on after signing in', async (t) => {
    const {page, courier} = await openCourier(t, {expect: [/401/]});
    await pick(page, 'Морс');
    const {password} = admin('courier', 'password', courier.login);
    await page.click('#cash');
    await page.waitForSelector('#again:not([hidden])');
    const order = await orderOf(page);
    await page.click('#again');
    await page.fill('[name=login]', courier.login);
    await page.fill('[name=password]', password);
    await page.click('#sign-in button');
    await sold(page, 'printed');
    assert.equal(await orderOf(page), order);
    assert.equal((await printedReceipts(order)).length, 1);
  });

  test('the keyboard is enough', async (t) => {
    const {page} = await openCourier(t);
    await page.focus('#goods button');
    await page.keyboard.press('Enter');
    await page.focus('#cart button >> nth=1');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '+');
    await page.focus('#cash');
    await page.keyboard.press('Enter');
    await sold(page, 'printed');
    assert.equal(await page.textContent('#sold-total'), '980.00 ₽');
  });

  test('signing in: wrong passwords are counted, the cookie is out of reach', async (t) => {
    const page = await openTab(t, {...PHONE, expect: [/401/, /429/, /503/]});
    const courier = addCourier();
    await page.goto(`${GATEWAY}/courier`);
    await picture(page, 'courier-sign-in');
    await signIn(page, courier);
    const [cookie] = await page.context().cookies();
    assert.ok(cookie.httpOnly);
    assert.equal(cookie.sameSite, 'Strict');
    assert.equal(cookie.path, '/courier');
    await page.click('header button');
    await page.waitForSelector('#sign-in');
    for (let tries = 0; tries < 5; ++tries) {
      await page.fill('[name=login]', courier.login);
      await page.fill('[name=password]', 'wrong');
      await page.click('#sign-in button');
      await page.waitForSelector('.notice');
    }
    await page.fill('[name=login]', courier.login);
    await page.fill('[name=password]', courier.password);
    await page.click('#sign-in button');
    await page.waitForFunction(() => /15 минут/.test(document.querySelector('.notice')?.textContent));
  });

  test('sales need the session, its secret, and a number of their own', async (t) => {
    const {page, courier} = await openCourier(t, {expect: [/40[13]|422/]});
    const post = (secret, order) => page.evaluate(async ([secret_, order_]) => {
      const body = JSON.stringify({order: order_, pay: 'cash', contact: '', items: [{name: 'Чай', price: '10', quantity: '1'}]});
      return (await fetch('/courier/receipts', {method: 'POST', body, headers: {'X-Courier-Secret': secret_}})).status;
    }, [secret, order]);
    const secret = await page.getAttribute('#courier', 'data-secret');
    assert.equal(await post('guessed', `courier-${courier.login}-1`), 403);
    assert.equal(await post(secret, 'order-of-the-shop'), 422);
    assert.equal(await post(secret, `courier-${courier.login}-1`), 202);
    assert.equal(await post(secret, `courier-${courier.login}-1`), 200);
    admin('courier', 'disable', courier.login);
    assert.equal(await post(secret, `courier-${courier.login}-2`), 401);
    assert.equal((await fetch(`${GATEWAY}/courier/goods`)).status, 401);
    assert.equal((await printedReceipts(`courier-${courier.login}-2`)).length, 0);
  });

  test('it speaks English too', async (t) => {
    const {page} = await openCourier(t, {locale: 'en-GB'});
    assert.equal(await page.textContent('#card'), 'Card');
    await pick(page, 'Морс');
    await page.click('#cash');
    await sold(page, 'printed');
    assert.match(await page.textContent('#title'), /The receipt is made/);
  });
});
