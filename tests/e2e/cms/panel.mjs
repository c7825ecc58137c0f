// Looks at a page of a shop's back office in a browser: logs in, opens the page, gives what one part of it shows as JSON, and
// takes a picture of it.
//     node panel.mjs '{"modules", "url", "user", "password", "page", "part", "picture", "width"}'
import {createRequire} from 'node:module';
import {join} from 'node:path';

const ask = JSON.parse(process.argv[2]);
const {chromium} = createRequire(join(ask.modules, 'package.json'))('playwright-core');
const browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server', '--font-render-hinting=none', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])]});
try {
  const page = await browser.newPage({viewport: {width: ask.width ?? 1280, height: 900}, deviceScaleFactor: 2});
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(`${ask.url}/wp-login.php`);
  await page.fill('#user_login', ask.user);
  await page.fill('#user_pass', ask.password);
  await page.click('#wp-submit');
  await page.goto(ask.page);
  const part = page.locator(ask.part);
  await part.waitFor({state: 'visible', timeout: 20_000});
  if (ask.press) {
    await page.locator(ask.press).click();
    await part.waitFor({state: 'visible', timeout: 20_000});
  }
  const text = await part.innerText();
  const images = await part.locator('svg').evaluateAll((all) => all.map((one) => {
    const box = one.getBoundingClientRect();
    return {width: Math.round(box.width), height: Math.round(box.height)};
  }));
  const links = await part.locator('a[href]').evaluateAll((all) => all.map((one) => one.href));
  const box = await part.boundingBox();
  const overflow = await part.evaluate((one) => one.scrollWidth > one.clientWidth + 1);
  if (ask.picture) await part.screenshot({path: ask.picture});
  if (ask.whole) await page.screenshot({path: ask.whole, fullPage: true});
  console.log(JSON.stringify({text, images, links, faults, overflow, width: box.width}));
} finally {
  await browser.close();
}
