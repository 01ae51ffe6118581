// Makes the pictures of the README: buys in the shop, and puts the shop, the cashier and the dashboard side by side.
//
//   node pictures.mjs SANDBOX_URL SHOP_URL CHROMIUM FOLDER
//
// WECHATPAY_MCHID, _SERIAL_NO and _PRIVATE_KEY_FILE are the demo merchant's.

import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [sandbox, shop, executablePath, folder] = process.argv.slice(2);
const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });

async function place(scene, total, description) {
  const body = { scene, total, description, attach: 'x', payer_client_ip: '203.0.113.7', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${shop}/orders`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

// The commonest mistake: the query is sent, and not signed.
async function forgetTheQuery() {
  const { WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL_NO: serial, WECHATPAY_PRIVATE_KEY_FILE: file } = process.env;
  const path = '/v3/pay/transactions/out-trade-no/20261124-tea';
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), '5K8264ILTKCH16CQ2502SI8ZNMTM67VS'];
  const signature = createSign('RSA-SHA256').update(`GET\n${path}\n${timestamp}\n${nonce}\n\n`).sign(readFileSync(file), 'base64');
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",`
    + `serial_no="${serial}",signature="${signature}"`;
  await fetch(`${sandbox}${path}?mchid=${mchid}`, { headers: { authorization, accept: 'application/json', 'user-agent': 'shop/1.0' } });
}

const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: 'en-GB' });
const page = await context.newPage();
const orderPage = (number) => `${sandbox}/_sandbox/orders/-/${number}`;
const press = async (name) => {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('status').waitFor();
  await page.waitForTimeout(400);
};

// One order is paid, one is paid and given back in part, one fails first; somebody forgets to sign.
const tea = await place('native', 990, 'Osmanthus oolong, 50 g');
await page.goto(orderPage(tea.out_trade_no));
await press('Pay ¥');
await page.getByLabel('Refund').fill('3.50');
await press('Refund');
const ink = await place('jsapi', 4550, 'Brush and ink');
await page.goto(orderPage(ink.out_trade_no));
await page.locator('select[name=buyer]').selectOption('bob');
await press('Pay ¥');
await page.locator('select[name=buyer]').selectOption('alice');
await press('Pay ¥');
await forgetTheQuery();
const teapot = await place('h5', 100000, 'Celadon teapot');
const cashier = teapot.invoke.h5_url;

const shot = async (settings, url, prepare = async () => {}) => {
  const context = await browser.newContext({ deviceScaleFactor: 1.25, locale: 'en-GB', ...settings });
  const page = await context.newPage();
  await page.goto(url);
  await prepare(page);
  await page.waitForTimeout(200);
  const png = await page.screenshot();
  await context.close();
  return `data:image/png;base64,${png.toString('base64')}`;
};

// What the signature doctor says of it.
await page.goto(`${sandbox}/_sandbox/requests?only=signatures`);
const refused = await page.locator('.list .main a').first().getAttribute('href');

for (const colorScheme of ['light', 'dark']) {
  const phone = { colorScheme, viewport: { width: 390, height: 760 } };
  const overview = await shot({ colorScheme, viewport: { width: 1100, height: 1032 } }, `${sandbox}/_sandbox`);
  const sheet = await shot(phone, cashier);
  const ground = colorScheme === 'light' ? '#e9dfcd' : '#0e0c0b';
  const frame = await browser.newContext({ viewport: { width: 1280, height: 850 }, deviceScaleFactor: 1 });
  const composed = await frame.newPage();
  await composed.setContent(`<style>
    body { margin: 0; height: 850px; background: ${ground}; position: relative; overflow: hidden }
    img { position: absolute; border-radius: 14px; box-shadow: 0 14px 44px rgb(0 0 0 / 28%) }
    .wide { left: 26px; top: 28px; width: 846px; height: 794px; object-fit: cover; object-position: top }
    .phone { right: 24px; top: 48px; width: 350px; border-radius: 30px; border: 7px solid #1b1815 }
  </style><img class="wide" src="${overview}"><img class="phone" src="${sheet}">`);
  await composed.waitForTimeout(300);
  await composed.screenshot({ path: path.join(folder, `dashboard-${colorScheme}.png`) });
  await frame.close();

  // Without a script nothing is fetched again while the picture is taken.
  const settings = { colorScheme, viewport: { width: 1000, height: 700 }, locale: 'en-GB', javaScriptEnabled: false };
  const request = await browser.newContext(settings);
  const doctor = await request.newPage();
  await doctor.goto(`${sandbox}${refused}`);
  const report = doctor.locator('.doctor');
  if (await report.count()) await report.screenshot({ path: path.join(folder, `doctor-${colorScheme}.png`) });
  await request.close();
}

await browser.close();
