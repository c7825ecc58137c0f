// Opens the admin of an OpenCart shop as a person does and works the tab of an order; prints what is seen as JSON.
//   node opencart_tab.mjs '{"modules", "admin", "user", "password", "orders": [{"order", "refund", "picture"}], "settings", "picture"}'
import {createRequire} from 'node:module';
import {join} from 'node:path';

const wish = JSON.parse(process.argv[2]);
const {chromium} = createRequire(join(wish.modules, 'package.json'))('playwright-core');
const PATIENCE_MS = 30_000;

async function logIn(page) {
  await page.goto(`${wish.admin}index.php?route=common/login`);
  await page.fill('input[name=username]', wish.user);
  await page.fill('input[name=password]', wish.password);
  await Promise.all([page.waitForURL(/user_token=/), page.click('button[type=submit]')]);
  return new URL(page.url()).searchParams.get('user_token');
}

async function read(page) {
  return page.evaluate(() => [...document.querySelectorAll('#fiscalgate-panel [data-operation]')].map((receipt) => ({
    operation: receipt.dataset.operation,
    state: receipt.dataset.state,
    fd: receipt.querySelector('.fiscalgate-fd')?.textContent ?? '',
    page: receipt.querySelector('a')?.href ?? '',
    qr: receipt.querySelectorAll('.fiscalgate-qr svg path').length,
    buttons: [...receipt.querySelectorAll('button')].map((button) => button.dataset.action),
    text: receipt.innerText,
  })));
}

async function shoot(page, picture) {
  if (picture) await page.screenshot({path: picture, fullPage: true});
}

async function workOrder(page, token, {route, order, refund, picture}) {
  await page.goto(`${wish.admin}index.php?route=${route}&user_token=${token}&order_id=${order}`);
  const title = page.locator('a[href="#tab-fiscalgate"]');
  await title.click();
  await page.locator('#fiscalgate-panel').waitFor({state: 'visible'});
  const before = await read(page);
  if (refund) {
    const line = page.locator(`#fiscalgate-panel [data-line="${refund.line}"]`);
    await line.fill(refund.quantity);
    await page.click('#fiscalgate-panel [data-action=refund]');
    await page.locator('#fiscalgate-panel [data-operation^=refund][data-state=done]').last().waitFor({timeout: PATIENCE_MS});
  }
  await shoot(page, picture);
  return {before, after: await read(page)};
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'],
});
try {
  const page = await browser.newPage({viewport: {width: 1280, height: 900}, locale: wish.locale ?? 'ru-RU'});
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => dialog.accept());
  const token = await logIn(page);
  const seen = {orders: [], faults};
  for (const order of wish.orders ?? []) seen.orders.push(await workOrder(page, token, order));
  if (wish.settings) {
    await page.goto(`${wish.admin}index.php?route=${wish.settings}&user_token=${token}`);
    await page.click('#fiscalgate-test');
    await page.locator('#fiscalgate-message .alert-success, #fiscalgate-message .alert-danger').waitFor({timeout: PATIENCE_MS});
    seen.test = await page.innerText('#fiscalgate-message');
    await page.click('#fiscalgate-check');
    await page.locator('#fiscalgate-message .alert-info').waitFor({state: 'detached', timeout: PATIENCE_MS});
    seen.check = await page.innerText('#fiscalgate-message');
    seen.shown = await page.content();
    await shoot(page, wish.picture);
  }
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
