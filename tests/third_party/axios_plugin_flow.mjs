// Drives the sandbox with the npm package wechatpay-axios-plugin, whose host is a setting.
//
// Prints one line per step; lines `PAY <out_trade_no>`, `PASS <seconds>` and `NEXT DAY` ask the test to press Pay and to let
// time pass, and it answers each with the time of this process from then on.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';

const { Wechatpay, Formatter, Aes, Rsa, Multipart } = createRequire(process.env.NODE_MODULES + '/')('wechatpay-axios-plugin');
const { SANDBOX, MCHID: mchid, APPID: appid, API_V3_KEY, SERIAL_NO, PUBLIC_KEY_ID } = process.env;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const realNow = Date.now;
let offset = 0;
Date.now = () => realNow() + offset;
const goOn = async () => { offset = Number((await answers.next()).value) * 1000 - realNow(); };
const ask = async (command) => { console.log(command); await goOn(); };
await goOn();

const publicKey = readFileSync(process.env.PUBLIC_KEY_FILE);
const wxpay = new Wechatpay({
  baseURL: SANDBOX + '/',
  mchid,
  serial: SERIAL_NO,
  privateKey: readFileSync(process.env.PRIVATE_KEY_FILE),
  certs: { [PUBLIC_KEY_ID]: publicKey },
});

// The merchant's side of notifications: verified and opened with the package's own means.
const received = [];
let arrived = () => {};
const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString();
    const header = (name) => request.headers['wechatpay-' + name];
    const message = Formatter.response(header('timestamp'), header('nonce'), body);
    const genuine = header('serial') === PUBLIC_KEY_ID && Rsa.verify(message, header('signature'), publicKey);
    response.writeHead(genuine ? 204 : 401).end();
    if (!genuine) return;
    const { event_type, resource: { nonce, ciphertext, associated_data } } = JSON.parse(body);
    received.push({ event_type, resource: JSON.parse(Aes.AesGcm.decrypt(ciphertext, API_V3_KEY, nonce, associated_data)) });
    arrived();
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const notify_url = `http://127.0.0.1:${server.address().port}/wechatpay/notify`;
const notification = async () => {
  while (received.length === 0) await new Promise((resolve) => { arrived = resolve; });
  return received.shift();
};

const step = (name, { status, data }, expected) => {
  assert.equal(status, expected, name);
  console.log('OK', name, status);
  return data;
};
const stamp = String(Date.now());
const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
const order = async (out_trade_no, total) => {
  const data = step('create', await wxpay.v3.pay.transactions.native.post({
    appid, mchid, description: 'Image形象店-深圳腾大-QQ公仔', out_trade_no, notify_url, amount: { total },
  }), 200);
  assert.match(data.code_url, /^weixin:\/\/wxpay\/bizpayurl/);
};
const query = async (out_trade_no) => step('query', await wxpay.v3.pay.transactions.outTradeNo.$out_trade_no$
  .get({ params: { mchid }, out_trade_no }), 200);

// Create, query, close, query.
let number = 'JS-CLOSE-' + stamp;
await order(number, 100);
assert.equal((await query(number)).trade_state, 'NOTPAY');
step('close', await wxpay.v3.pay.transactions.outTradeNo.$out_trade_no$.close.post({ mchid }, { out_trade_no: number }), 204);
assert.equal((await query(number)).trade_state, 'CLOSED');

// Create, be paid, receive.
number = 'JS-PAID-' + stamp;
await order(number, 990);
await ask('PAY ' + number);
const paid = await notification();
assert.equal(paid.event_type, 'TRANSACTION.SUCCESS');
assert.equal(paid.resource.out_trade_no, number);
assert.equal(paid.resource.amount.total, 990);
console.log('OK notification of the payment');
assert.equal((await query(number)).transaction_id, paid.resource.transaction_id);

// Give a part of it back: accepted first, then done, then told.
const out_refund_no = 'JS-REFUND-' + stamp;
const refund = step('refund', await wxpay.v3.refund.domestic.refunds.post({
  out_trade_no: number, out_refund_no, reason: '七天无理由', notify_url,
  amount: { refund: 330, total: 990, currency: 'CNY' },
}), 200);
assert.equal(refund.status, 'PROCESSING');
await ask('PASS 60');
const back = await notification();
assert.equal(back.event_type, 'REFUND.SUCCESS');
assert.equal(back.resource.out_refund_no, out_refund_no);
console.log('OK notification of the refund');
assert.equal(step('refund query', await wxpay.v3.refund.domestic.refunds.$out_refund_no$.get({ out_refund_no }), 200).status, 'SUCCESS');

// A picture, of which only the description is signed.
const picture = readFileSync(process.env.PICTURE_FILE);
const meta = { filename: 'licence.png', sha256: createHash('sha256').update(picture).digest('hex') };
const form = new Multipart().append('meta', JSON.stringify(meta)).append('file', picture, meta.filename);
// As bytes: axios makes a form of its own of a Multipart, without the file's name.
const uploaded = step('upload', await wxpay.v3.merchant.media.upload.post(
  form.getBuffer(), { meta, headers: form.getHeaders() },
), 200);
assert.ok(uploaded.media_id);

// The bill of that day, on the next.
await ask('NEXT DAY');
const bill = step('bill', await wxpay.v3.bill.tradebill.get({ params: { bill_date: day, bill_type: 'ALL', tar_type: 'GZIP' } }), 200);
const { data: packed } = await wxpay.v3.billdownload.file.get({
  params: Object.fromEntries(new URL(bill.download_url).searchParams), responseType: 'arraybuffer',
});
const plain = gunzipSync(packed);
assert.equal(createHash('sha1').update(plain).digest('hex'), bill.hash_value);
const { rows, summary } = Formatter.castCsvBill(plain);
const mine = rows.filter((row) => row['商户订单号'] === number);
assert.deepEqual(mine.map((row) => row['交易状态']), ['SUCCESS', 'REFUND']);
assert.equal(summary['总交易单数'], String(rows.length));
console.log('OK bill of', day, rows.length, 'rows');

// What does not exist is refused.
await assert.rejects(query('JS-NEVER-' + stamp), ({ response }) => response.status === 404 && /ORDER_?NOT_?EXIST/.test(response.data.code));
console.log('OK unknown order 404');
process.exit(0);
