// Presses the buttons of the sandbox's dashboard in Chromium, takes a picture of every page, and lets a hostile page try.
//
//   node dashboard.mjs SANDBOX_URL SHOP_URL CHROMIUM FOLDER
//
// SHOP_URL/order/NUMBER/TOTAL places a Native order. Prints one line per thing that works. Ends with status 1 at the first
// thing that is not as it should be.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const [sandbox, shop, executablePath, folder] = process.argv.slice(2);
const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
});
const problems = [];
const timeout = 15000;

async function open(settings) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', ...settings });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  return [context, page];
}

async function order(number, total) {
  const response = await fetch(`${shop}/order/${number}/${total}`);
  if (!response.ok) throw new Error(`order ${number}: ${response.status} ${await response.text()}`);
}

const button = (page, name) => page.getByRole('button', { name, exact: false });
const orderPage = (number) => `${sandbox}/_sandbox/orders/-/${number}`;
const said = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor({ timeout });
const shows = (page, text) => page.locator('#live').getByText(text).first().waitFor({ timeout });
const started = Date.now();
const ok = (line) => console.log(`ok ${line} (${Date.now() - started} ms)`);

const [context, page] = await open();

// The overview follows by itself.
await page.goto(`${sandbox}/_sandbox`);
await page.locator('html.is-live').waitFor({ timeout });
await order('dash-0001', 990);
await shows(page, 'dash-0001');
ok('the overview draws an order as it comes');

await page.goto(orderPage('dash-0001'));
await button(page, 'Pay ').click();
await said(page, 'Paid.');
await shows(page, 'The notification was acknowledged');
ok('paid');

await page.getByLabel('Refund').fill('abc');
await button(page, 'Refund').click();
await said(page, '“abc” is not an amount');
await page.getByLabel('Refund').fill('3.50');
await button(page, 'Refund').click();
await said(page, 'The refund was accepted');
await button(page, 'Arrives').click();
await said(page, 'new state');
await shows(page, 'REFUND.SUCCESS');
ok('refunded');

await page.goto(`${sandbox}/_sandbox/notifications`);
await button(page, 'Send again').last().click();
await said(page, 'Sent once more');
await page.locator('article').last().getByLabel('2 attempts').waitFor({ timeout });
ok('sent again');

await page.goto(orderPage('dash-0001'));
await button(page, 'newest first').click();
await said(page, 'the newest first');
await page.locator('article').last().getByLabel('3 attempts').waitFor({ timeout });
ok('all sent again, the newest first');

await page.goto(`${sandbox}/_sandbox/requests`);
await page.locator('.list .main a').first().click();
await button(page, 'Replay').click();
await said(page, 'Sent again');
ok('replayed');

// A notification is edited, sealed and signed anew; the shop verifies it like any other.
await page.goto(`${sandbox}/_sandbox/notifications`);
await page.locator('article .headline a').last().click();
await page.getByRole('link', { name: 'Edit and send' }).click();
const resource = page.locator('textarea[name=resource]');
await resource.fill((await resource.inputValue()).replace('"SUCCESS"', '"CLOSED"'));
await button(page, 'Seal, sign and send').click();
await said(page, 'Sealed, signed');
await page.locator('#attempts').locator('..').getByText('204').first().waitFor({ timeout });
await button(page, 'Send twice').click();
await said(page, 'two more times');
await page.locator('article').first().getByLabel('3 attempts').waitFor({ timeout });
await context.grantPermissions(['clipboard-read', 'clipboard-write']);
await button(page, 'Copy as curl').click();
await button(page, '✓').waitFor({ timeout });
const command = await page.evaluate(() => navigator.clipboard.readText());
if (!command.startsWith('curl -i -X POST ') || !command.includes('Wechatpay-Signature')) problems.push(`curl: ${command}`);
ok('a notification is edited, sent twice and copied');

// The sign lab, with a script and without.
for (const javaScriptEnabled of [true, false]) {
  const [context, page] = await open({ javaScriptEnabled });
  await page.goto(`${sandbox}/_sandbox`);
  await page.getByRole('link', { name: 'Sign lab' }).click();
  const signed = 'GET\n/v3/certificates\n1700000000\nnonce\n\n';
  await page.getByLabel('Method').fill('GET');
  await page.getByLabel('Path with query').fill('/v3/certificates?a=1');
  await page.getByLabel('Authorization header').fill(`WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="nonce",`
    + `timestamp="1700000000",serial_no="5157F09EFDC096DE15EBE81A47057A7232F1B8E1",signature="${Buffer.alloc(256, 7).toString('base64')}"`);
  await page.locator('#more summary').click();
  await page.locator('textarea[name=message]').fill(signed);
  await button(page, 'Explain').click();
  await page.getByText('Your message beside the right one').waitFor({ timeout });
  await page.getByText('key-unknown').waitFor({ timeout });
  await page.locator('.lines .differs').getByText('/v3/certificates?a=1↵').first().waitFor({ timeout });
  if (await page.locator('textarea[name=message]').inputValue() !== signed) problems.push('the lab forgets what was pasted');
  await context.close();
}
ok('the sign lab compares to the byte');

// A fault is switched on, spoils the next order, and stands on its request.
await page.goto(`${sandbox}/_sandbox/faults`);
await page.locator('select[name=fault]').selectOption({ label: 'hang' });
if (await page.getByLabel('Argument').isVisible()) problems.push('hang has no argument');
await page.locator('select[name=fault]').selectOption({ label: 'accepted-but' });
await page.locator('.says').filter({ hasText: 'this status is returned all the same' }).waitFor({ timeout });
await page.getByLabel('Argument (a status').fill('500');
await page.getByLabel('Only these requests').fill('POST /v3/pay/**');
await button(page, 'Switch on').click();
await said(page, 'The fault fires');
await fetch(`${shop}/order/dash-fault/100`);
await page.goto(`${sandbox}/_sandbox/requests?only=faults`);
await shows(page, 'accepted-but=500');
await page.locator('.list .main a').first().click();
await shows(page, 'accepted-but=500');
ok('a fault is named on its request');

// Keys are rotated while orders flow.
let flowing = true;
let placed = 0;
const flow = (async () => {
  while (flowing) await order(`flow-${String(++placed).padStart(4, '0')}`, 100);
})();
await page.goto(`${sandbox}/_sandbox/keys`);
await button(page, 'Only announce').click();
await said(page, 'keys have changed');
const before = placed;
await button(page, '50 %').click();
await said(page, 'keys have changed');
await button(page, 'Sign everything').click();
await said(page, 'keys have changed');
while (placed < before + 4) await page.waitForTimeout(20);
await button(page, 'Take the old one').click();
await said(page, 'keys have changed');
flowing = false;
await flow;
ok(`rotated while ${placed} orders flowed`);

// Without a script everything is readable, and buttons work.
{
  const [context, page] = await open({ javaScriptEnabled: false });
  await order('dash-0002', 4500);
  await page.goto(orderPage('dash-0002'));
  await page.locator('select[name=buyer]').selectOption('bob');
  await button(page, 'Pay ').click();
  await said(page, 'not enough money');
  await context.close();
  ok('works without a script');
}

// With the keyboard alone.
await page.goto(`${sandbox}/_sandbox/orders`);
await page.keyboard.press('/');
await page.keyboard.type('dash-0002');
await page.keyboard.press('Enter');
await page.waitForURL(/q=dash-0002/);
if (await page.locator('.list tbody tr').count() !== 1) problems.push('the search finds one order');
ok('searched with the keyboard');

// A hostile page: another site, and another name of this machine.
{
  const token = await page.goto(orderPage('dash-0002')).then(() => page.locator('input[name=token]').first().inputValue());
  const fields = { token, do: 'pay', mchid: '1900000001', order: 'dash-0002', as: 'order', buyer: 'alice' };
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
  const hostile = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<form method="post" action="${sandbox}/_sandbox/press">${inputs}<button>win a prize</button></form>
      <iframe src="${orderPage('dash-0002')}"></iframe>`);
  });
  await new Promise((listening) => hostile.listen(0, '127.0.0.1', listening));
  const context = await browser.newContext();
  const page2 = await context.newPage();
  const answers = [];
  page2.on('response', (response) => answers.push(`${response.status()} ${new URL(response.url()).pathname}`));
  for (const host of ['127.0.0.1', 'localhost']) {
    await page2.goto(`http://${host}:${hostile.address().port}/`);
    const frame = page2.frames().find((frame) => frame !== page2.mainFrame());
    if (frame && await frame.locator('form').count().catch(() => 0)) problems.push('a frame of another site shows buttons');
    await page2.locator('button').first().click();
    await page2.waitForLoadState();
    if (!(await page2.content()).includes('another site')) problems.push(`${host}: ${await page2.content()}`);
    await page2.goto(`http://${host}:${hostile.address().port}/`);
    const read = await page2.evaluate((url) => fetch(url).then((r) => r.text(), () => 'blocked'), orderPage('dash-0002'));
    if (read !== 'blocked') problems.push('another site reads a page');
  }
  const rebound = new URL(sandbox);
  rebound.hostname = 'rebound.example';
  const answer = await page2.goto(`${rebound.origin}/_sandbox`);
  if (answer.status() !== 403) problems.push(`rebound: ${answer.status()}`);
  const pressed = await page2.evaluate(
    (body) => fetch('/_sandbox/press', { method: 'POST', body: new URLSearchParams(body) }).then((r) => r.status),
    fields,
  );
  if (pressed !== 403) problems.push(`rebound, pressed: ${pressed}`);
  await context.close();
  hostile.close();
  hostile.closeAllConnections();
  await page.goto(orderPage('dash-0002'));
  if (!(await page.locator('.headline .chip').first().textContent()).includes('NOTPAY')) problems.push('a stranger paid');
  ok('a hostile page presses nothing');
}

// A moment is saved as a file and restored from it by a plain form; a file that is none changes nothing.
{
  // Not by `open`: the console tells of the refusal.
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${sandbox}/_sandbox/clock`);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save as a file' }).click()]);
  const file = { name: 'sandbox-state.json', mimeType: 'application/json', buffer: readFileSync(await saved.path()) };
  await page.locator('input[name=snapshot]').setInputFiles({ ...file, buffer: Buffer.from('{}') });
  await button(page, 'Restore the file').click();
  await page.getByRole('alert').getByText('no snapshot of a sandbox').waitFor({ timeout });
  await order('dash-0003', 100);
  await page.getByRole('link', { name: 'Back to the clock' }).click();
  await page.locator('input[name=snapshot]').setInputFiles(file);
  await button(page, 'Restore the file').click();
  await said(page, 'The snapshot is restored');
  await page.goto(`${sandbox}/_sandbox/orders?q=dash-000`);
  if (await page.getByText('dash-0003').count() || !await page.getByText('dash-0002').count()) problems.push('the file is not restored');
  await context.close();
  ok('a saved moment is restored by a form');
}

// A request that nobody's key signed, to be seen in the lab.
const wrong = await fetch(`${sandbox}/v3/certificates?a=1`, { headers: { accept: 'application/json', 'user-agent': 'browser-test',
  authorization: `WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="nonce-of-the-picture",timestamp="${Math.floor(Date.now() / 1000)}",`
    + `serial_no="5157F09EFDC096DE15EBE81A47057A7232F1B8E1",signature="${Buffer.alloc(256, 7).toString('base64')}"` } });
if (wrong.status !== 401) problems.push(`wrongly signed: ${wrong.status}`);
await page.goto(`${sandbox}/_sandbox/requests?only=signatures`);
await page.getByRole('row').getByRole('link', { name: 'Sign lab' }).first().click();
await page.getByText('key-unknown').waitFor({ timeout });
const unsigned = new URL(page.url()).searchParams.get('request');
ok('a refused request leads to the sign lab');

// The clock, and the bill of the day.
await page.goto(`${sandbox}/_sandbox/clock`);
const day = (await page.locator('.now time').textContent()).slice(0, 10);
await button(page, '+1 day').click();
await said(page, 'clock was turned');
const next = (await page.locator('.now time').textContent()).slice(0, 10);
if (next === day) problems.push(`${day} stays`);
ok('turned the clock by a day');

await page.goto(`${sandbox}/_sandbox/bills`);
await page.getByRole('row').filter({ hasText: day }).getByRole('link', { name: 'ALL' }).click();
await page.locator('.sheet').getByText('dash-0001').first().waitFor({ timeout });
const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
const bill = readFileSync(await download.path(), 'utf8');
if (!bill.includes('`dash-0001') || !bill.includes('`9.90')) problems.push(`bill: ${bill}`);
ok(`downloaded ${download.suggestedFilename().replace(day, 'the day')}`);

await page.goto(`${sandbox}/_sandbox/bills?date=${day}`);
await page.locator('input[name=books]').setInputFiles({ name: 'books.csv', mimeType: 'text/csv',
  buffer: Buffer.from('out_trade_no,out_refund_no,amount_fen\ndash-0001,,990\ndash-0001,GONE-1,1\n') });
await button(page, 'Reconcile').click();
await page.getByRole('row').filter({ hasText: 'GONE-1' }).getByText('missing in the bill').waitFor({ timeout });
await page.getByRole('row').filter({ hasText: 'Payments' }).getByText('¥9.90').waitFor({ timeout });
ok('reconciled with a file');

const picture = await page.goto(`${sandbox}/_sandbox/sequence.svg?order=dash-0001`);
if (picture.headers()['content-type'] !== 'image/svg+xml' || !(await picture.text()).includes('Alice pays ¥9.90')) {
  problems.push(`picture: ${await picture.text()}`);
}
ok('the diagram is a picture');

// A picture of every page, in both languages, light and dark, wide and narrow.
const pages = { overview: '', orders: '/orders?q=dash', order: '/orders/-/dash-0001', requests: '/requests?q=dash', request: '/requests/1',
  refused: `/requests/${unsigned}`, sign: '/sign', explained: `/sign?request=${unsigned}`, sheet: '/sign?kind=page', callback: '/sign?kind=response',
  notifications: '/notifications', craft: '/notifications/craft', faults: '/faults', bills: `/bills?date=${day}`, keys: '/keys', clock: '/clock', acceptance: '/acceptance', connect: '/connect' };
for (const [name, settings] of Object.entries({
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark', locale: 'zh-CN' },
  phone: { viewport: { width: 390, height: 844 }, locale: 'zh-CN' },
})) {
  const [context, page] = await open(settings);
  for (const [tab, address] of Object.entries(pages)) {
    await page.goto(`${sandbox}/_sandbox${address}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${tab} ${name}: ${overflow} px wider than the window`);
    await page.screenshot({ path: path.join(folder, `${tab}-${name}.png`), fullPage: true });
  }
  await context.close();
}
ok(`${Object.keys(pages).length} pages pictured`);

await context.close();
await browser.close();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
