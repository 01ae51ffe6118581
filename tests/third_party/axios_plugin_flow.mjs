// Orders, refunds, an upload and the bill by the npm package wechatpay-axios-plugin.
//
// Prints one line per step; see axios_plugin_merchant.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import {
  Formatter, Multipart, appid, ask, day, mchid, notification, notify_url, stamp, step, wxpay,
} from './axios_plugin_merchant.mjs';

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
