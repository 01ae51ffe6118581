// Buys in each of the four scenes in Chromium and waits until the shop shows the order as paid.
//
//   node shop.mjs SHOP_URL CHROMIUM SCREENSHOT_FOLDER [desktop]
//
// Prints one line per order. Ends with status 1 at the first thing that is not as it should be.

import { createRequire } from 'node:module';
import path from 'node:path';

const [url, executablePath, folder, only] = process.argv.slice(2);
const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const byId = (page, id) => page.locator(`[data-testid="${id}"]`);
const pay = (frame) => frame.locator('button[value="pay"]').click();
const problems = [];

async function open(width, lang, colorScheme) {
  const context = await browser.newContext({
    viewport: { width, height: 844 },
    colorScheme,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  await page.goto(url);
  return [context, page];
}

async function shows(page, status) {
  await page.waitForFunction(
    (wanted) => document.querySelector('[data-testid=status]')?.dataset.status === wanted,
    status,
    { timeout: 15000 },
  );
}

async function picture(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) problems.push(`${name}: ${overflow} px wider than the window`);
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

const scenes = {
  async h5(page, _context, tag) {
    await page.waitForURL(/\/cashier\/h5/);
    await picture(page, `cashier-h5-${tag}`);
    await pay(page);
    await page.waitForURL(`${url}/?order=*`, { timeout: 15000 });
  },
  async jsapi(page, _context, tag) {
    const frame = page.frameLocator('iframe');
    await frame.locator('button[value="pay"]').waitFor();
    await picture(page, `sheet-jsapi-${tag}`);
    await pay(frame);
  },
  async app(page, _context, tag) {
    await byId(page, 'cashier-link').click();
    await page.waitForURL(/\/cashier\/app/);
    await picture(page, `cashier-app-${tag}`);
    await pay(page);
    await page.waitForURL(`${url}/?*`, { timeout: 15000 });
  },
  async native(page, context, tag) {
    await byId(page, 'cashier-link').waitFor();
    await picture(page, `order-native-${tag}`);
    const [cashier] = await Promise.all([context.waitForEvent('page'), byId(page, 'cashier-link').click()]);
    await cashier.waitForLoadState();
    await pay(cashier);
    await page.bringToFront();
  },
};

let product = 0;
const windows = [[1280, 'en', 'light'], [390, 'zh', 'dark']];
for (const [width, lang, colorScheme] of only === 'desktop' ? windows.slice(0, 1) : windows) {
  for (const [scene, go] of Object.entries(scenes)) {
    const tag = `${width}-${lang}`;
    const [context, page] = await open(width, lang, colorScheme);
    if (scene === 'h5') await picture(page, `home-${tag}`);
    await byId(page, 'product').nth(product++ % 6).click();
    await byId(page, `scene-${scene}`).click();
    await byId(page, 'pay').click();
    await go(page, context, tag);
    await shows(page, 'SUCCESS');
    const number = (await byId(page, 'order-number').textContent()).trim();
    const order = await (await page.request.get(`${url}/orders/${number}`)).json();
    if (order.status !== 'SUCCESS' || order.fulfilled !== 1) problems.push(`${number}: ${JSON.stringify(order)}`);
    await picture(page, `paid-${scene}-${tag}`);
    console.log(`paid ${scene} ${width} ${lang} ${number}`);
    await context.close();
  }
}

// Cancelling leaves the order unpaid; closing it closes it.
{
  const [context, page] = await open(1280, 'en', 'light');
  await byId(page, 'scene-jsapi').click();
  await byId(page, 'pay').click();
  const frame = page.frameLocator('iframe');
  await frame.locator('button[value="cancel"]').click();
  await shows(page, 'NOTPAY');
  await page.locator('iframe').waitFor({ state: 'detached', timeout: 15000 }).catch(() => problems.push('the sheet stays open'));
  await byId(page, 'check').click();
  await shows(page, 'NOTPAY');
  // A second browser has no parameters to pay with, so it is told nothing about a button.
  const number = (await byId(page, 'order-number').textContent()).trim();
  const [elsewhere, other] = await open(1280, 'en', 'light');
  await other.goto(`${url}/?order=${number}`);
  await shows(other, 'NOTPAY');
  if (await other.locator('#act').isVisible()) problems.push(`no way to pay: ${await other.locator('#act').innerText()}`);
  await elsewhere.close();
  await byId(page, 'close').click();
  await shows(page, 'CLOSED');
  console.log('cancelled and closed');
  await context.close();
}

// A part is given back by the merchant, the rest by the shop's button; the messages of the order are a link away and lead back.
{
  const [context, page] = await open(1280, 'en', 'light');
  await byId(page, 'scene-jsapi').click();
  await byId(page, 'pay').click();
  await pay(page.frameLocator('iframe'));
  await shows(page, 'SUCCESS');
  const number = (await byId(page, 'order-number').textContent()).trim();
  const refunds = `${url}/orders/${number}/refunds`;
  await page.request.post(refunds, { data: { amount: 100 } });
  await byId(page, 'refunded').getByText('¥1.00 of ¥68.00 refunded').waitFor({ timeout: 15000 });
  await picture(page, 'partly-refunded');
  await byId(page, 'refund').click();
  await byId(page, 'refund').waitFor({ state: 'hidden', timeout: 15000 });
  await shows(page, 'REFUND');
  const order = await (await page.request.get(`${url}/orders/${number}`)).json();
  if (order.refunded !== 6800) problems.push(`${number}: ${JSON.stringify(order)}`);
  const [dashboard] = await Promise.all([context.waitForEvent('page'), byId(page, 'watch').click()]);
  await dashboard.getByRole('heading', { name: number }).waitFor({ timeout: 15000 });
  await dashboard.getByRole('link', { name: 'Back to this order in the shop' }).click();
  await shows(dashboard, 'REFUND');
  console.log('refunded');
  await context.close();
}

await browser.close();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
