// Pays a JSAPI order from nothing in Chromium: authorisation page, allow, order, payment sheet, paid.
//
//   node jsapi.mjs SHOP_URL CHROMIUM FOLDER
//
// Takes pictures of the pages on the way. Ends with status 1 at the first thing that is not as it should be.

import { createRequire } from 'node:module';
import path from 'node:path';

const [shop, executablePath, folder] = process.argv.slice(2);
const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const timeout = 15000;
const problems = [];

async function picture(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) problems.push(`${name}: ${overflow} px wider than the window`);
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

const words = {
  en: { allow: 'Allow as Alice', pay: 'Pay by WeChat', paid: 'Paid' },
  zh: { allow: '以爱丽丝的身份允许', pay: '微信支付', paid: '支付成功' },
};

for (const [width, lang, colorScheme] of [[1280, 'en', 'light'], [390, 'zh', 'dark'], [390, 'en', 'light'], [1280, 'zh', 'dark']]) {
  const tag = `${width}-${lang}`;
  const say = words[lang];
  const context = await browser.newContext({
    viewport: { width, height: 844 }, colorScheme, locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  const complain = (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`);
  page.on('console', complain);

  let callback = '';
  page.on('request', (request) => {
    if (request.url().startsWith(`${shop}/callback?`)) callback = request.url();
  });

  await page.goto(shop);
  await page.waitForURL(/\/connect\/oauth2\/authorize\?.*#wechat_redirect$/, { timeout });
  const authorise = page.url();
  await picture(page, `authorise-${tag}`);
  await page.getByRole('link', { name: say.allow }).click();
  await page.waitForURL(`${shop}/`, { timeout });
  await picture(page, `shop-${tag}`);
  await page.getByRole('button', { name: say.pay }).click();
  const sheet = page.frameLocator('iframe');
  // The order names the payer: the sheet knows who pays.
  await sheet.locator('input[value=alice]:checked').waitFor({ state: 'attached', timeout });
  await picture(page, `sheet-${tag}`);
  await sheet.locator('button[value=pay]').click();
  await page.getByRole('status').filter({ hasText: say.paid }).waitFor({ timeout });
  await picture(page, `paid-${tag}`);

  // The pages of the errors, as WeChat shows them.
  page.off('console', complain);
  for (const [name, code, change] of [
    ['10003', '10003', (query) => query.set('redirect_uri', 'https://shop.example/callback')],
    ['10005', '10005', (query) => query.set('scope', 'snsapi_login')],
    ['unknown', '', (query) => query.set('appid', 'wx0000000000000000')],
  ]) {
    const url = new URL(authorise);
    change(url.searchParams);
    await page.goto(url.href);
    if (code) await page.locator('dd').getByText(code, { exact: true }).waitFor({ timeout });
    await picture(page, `error-${name}-${tag}`);
  }

  // A callback once more, and one that this browser did not begin.
  const again = await page.request.get(callback);
  if (!(await again.text()).includes('40163')) problems.push(`a code once more: ${again.status()} ${await again.text()}`);
  const stranger = await browser.newContext();
  const answer = await stranger.request.get(callback);
  if (answer.status() !== 403) problems.push(`a foreign state: ${answer.status()}`);
  await stranger.close();
  await context.close();
  console.log(`paid ${tag}`);
}

await browser.close();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
