// What the browser tests share: the stand that run_browser.py started, a shop's site, a browser, and forms as a shop's page
// posts them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {createServer} from 'node:http';
import {createRequire} from 'node:module';
import {join} from 'node:path';

import {formFields} from '../../cms-plugins/js/bit-driver.js';

const stand = JSON.parse(process.env.FISCALGATE_BROWSER_STAND ?? '{}');
const require = createRequire(join(stand.modules, 'package.json'));
const {chromium} = require('playwright-core');

export const {url: GATEWAY, emulator: EMULATOR, shop: SHOP} = stand;
export const DESKTOP = {viewport: {width: 1280, height: 800}};
export const PHONE = {viewport: {width: 390, height: 844}, deviceScaleFactor: 2, isMobile: true, hasTouch: true};
const PATIENCE_MS = 30_000;

let orders = 0;
export const newOrder = (prefix = 'browser') => `${prefix}-${process.pid}-${++orders}`;

/** A page that does nothing but post a form, as a shop's page does. */
export function postingPage(action, fields, button = 'Оплатить') {
  const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`);
  return `<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Магазин</title>
    <form method="post" action="${action}">${inputs.join('')}<button id="pay">${button}</button></form></html>`;
}

/** The shop's site: its pages for buyers, and the callbacks of the gateway, told apart by their signature headers. */
export class ShopSite {
  async start() {
    this.visits = [];
    this.callbacks = [];
    this.pages = new Map();
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async answer(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const page = this.pages.get(request.url);
    if (page) return response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8'}).end(page);
    const seen = {path: request.url, method: request.method, json: new URLSearchParams(body).get('json')};
    if (request.headers['webhook-id']) {
      this.callbacks.push(seen);
      return response.writeHead(200, {'Content-Type': 'text/plain'}).end('SUCCESSFUL');
    }
    this.visits.push(seen);
    const text = `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Shop</title><h1 id="shop">${request.url}</h1>`;
    return response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8'}).end(text);
  }

  /** Puts a page up; gives its address. */
  put(html) {
    const path = `/page-${randomBytes(6).toString('hex')}`;
    this.pages.set(path, html);
    return this.url + path;
  }

  stop() {
    this.server.closeAllConnections?.();
    this.server.close();
  }
}

export function admin(...words) {
  const text = execFileSync(stand.program, ['admin', '--config', 'fiscalgate.toml', '--json', ...words],
                            {cwd: stand.folder, encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}});
  return text ? JSON.parse(text) : undefined;
}

/** A register of its own for a test, so that no test stands in another's lane. */
export function addRegister(url = EMULATOR, ...options) {
  const register = {name: `browser-${randomBytes(4).toString('hex')}`, token: randomBytes(16).toString('hex')};
  admin('register', 'add', '--name', register.name, '--token', register.token, '--url', url, '--shop', SHOP.account_id, ...options);
  return register;
}

/** A port where nobody listens. */
export async function closedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function printedReceipts(order) {
  const lines = await (await fetch(`${EMULATOR}/emulator/journal?kind=receipt`)).json();
  return lines.filter((line) => line.order_id === order);
}

/** A package of one receipt of one item. */
export function receipt(item = 'Чай чёрный, 100 г', roubles = 250) {
  return JSON.stringify([{
    name: 'Фискализируем чек',
    type: 'kktReceiptFiscalization',
    data: {
      1059: [{productName_1030: item, price_1079: roubles, qty_1023: 1, unit_2108: 0, paymentFormCode_1214: 4,
              productTypeCode_1212: 1, tax_1199: 6}],
      cashierName_1021: 'Иванова Анна',
      payments: {ecash_1081: roubles},
      taxationType_1055: 1,
      receiptType_1054: 1,
      sendToEmail_1008: 'buyer@example.com',
      electronically: true,
    },
  }], null, 1);
}

/** The signed form of an order. */
export function form(site, register, order, data = receipt()) {
  return formFields({accountId: SHOP.account_id, kktToken: register.token, orderId: order, data,
                     callbackSuccess: site ? `${site.url}/success?from=dlg` : '', callbackFailed: site ? `${site.url}/failed` : ''},
                    SHOP.code);
}

let browser;
export async function openBrowser() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server', '--font-render-hinting=none'],
  });
  return browser;
}
export const closeBrowser = () => browser?.close();

/** A tab that fails its test if its console shows an error that is not expected. */
export async function openTab(t, options = {}) {
  const {expect = [], ...rest} = options;
  const context = await browser.newContext({locale: 'ru-RU', colorScheme: 'light', ...DESKTOP, ...rest});
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => errors.push(String(error)));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors.filter((error) => !expect.some((pattern) => pattern.test(error))), [], 'errors in the console');
  });
  return page;
}

/** Goes to a shop's page and presses its button. */
export async function pay(page, site, fields, action = `${GATEWAY}/api/create-receipt-dlg.php`) {
  await page.goto(site.put(postingPage(action, fields)));
  await page.click('#pay');
}

export const state = (page, name) => page.waitForSelector(`#dialog[data-state=${name}]`);

/** Into build/screens, for people; those in fcgi/web/pictures were taken from there. */
export async function picture(page, name, {part = '', wholePage = true} = {}) {
  const folder = join(stand.build, 'screens');
  mkdirSync(folder, {recursive: true});
  const path = join(folder, `${name}.png`);
  await (part ? page.locator(part).screenshot({path}) : page.screenshot({path, fullPage: wholePage}));
}
