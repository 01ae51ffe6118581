// Transfers to users, complaints and pay after service by the npm package wechatpay-axios-plugin.
//
// Prints one line per step; see axios_plugin_merchant.mjs. `COMPLAIN <out_trade_no>` has the payer of an order complain.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import {
  PUBLIC_KEY_ID, Rsa, appid, ask, day, mchid, notification, notify_url, publicKey, stamp, step, wxpay,
} from './axios_plugin_merchant.mjs';

const openid = 'o-MYE42l80oelYMDE34nYD456Xoy';
const service_id = '2002000000000558128851361561536';
const told = async (event_type) => {
  const { event_type: given, resource } = await notification();
  assert.equal(given, event_type);
  console.log('OK notification', event_type);
  return resource;
};

// An order brings the money that is transferred.
const number = 'JS-PAID-' + stamp;
step('create', await wxpay.v3.pay.transactions.native.post({
  appid, mchid, description: 'Tea', out_trade_no: number, notify_url, amount: { total: 99000 },
}), 200);
await ask('PAY ' + number);
assert.equal((await told('TRANSACTION.SUCCESS')).out_trade_no, number);

// Transfers: one is confirmed and has a receipt, the other is cancelled.
const bills = wxpay.v3.fundApp.mchTransfer.transferBills;
const transfer = async (out_bill_no) => {
  const created = step('transfer', await bills.post({
    appid, out_bill_no, transfer_scene_id: '1000', openid, transfer_amount: 400, transfer_remark: '有礼', notify_url,
    user_name: Rsa.encrypt('张三', publicKey),
    transfer_scene_report_infos: [{ info_type: '活动名称', info_content: '新会员有礼' }],
  }, { headers: { 'Wechatpay-Serial': PUBLIC_KEY_ID } }), 200);
  assert.equal(created.state, 'WAIT_USER_CONFIRM');
  return created.transfer_bill_no;
};
const bill = 'JS' + stamp;
const id = await transfer(bill);
assert.equal(await transfer(bill), id, 'the same number is the same transfer');
await ask('PASS 10');
const finished = await told('MCHTRANSFER.BILL.FINISHED');
assert.deepEqual([finished.out_bill_no, finished.state, finished.transfer_amount], [bill, 'SUCCESS', 400]);
const queried = step('transfer query', await bills.outBillNo.$out_bill_no$.get({ out_bill_no: bill }), 200);
assert.equal(Rsa.decrypt(queried.user_name, readFileSync(process.env.PRIVATE_KEY_FILE)), '张三');
assert.equal(step('transfer query', await bills.transferBillNo.$id$.get({ id }), 200).out_bill_no, bill);
const receipts = wxpay.v3.fundApp.mchTransfer.elecsign.outBillNo;
step('receipt', await receipts.post({ out_bill_no: bill }), 200);
await ask('PASS 10');
const receipt = step('receipt query', await receipts.$out_bill_no$.get({ out_bill_no: bill }), 200);
assert.equal(receipt.state, 'FINISHED');
const { data: content } = await wxpay.v3.billdownload.file.get({
  params: Object.fromEntries(new URL(receipt.download_url).searchParams), responseType: 'arraybuffer',
});
assert.equal(createHash('sha256').update(content).digest('hex'), receipt.hash_value);
await transfer(bill + 'C');
const cancelled = step('transfer cancel', await bills.outBillNo.$out_bill_no$.cancel.post({}, { out_bill_no: bill + 'C' }), 200);
assert.equal(cancelled.state, 'CANCELING');
await ask('PASS 10');
assert.equal((await told('MCHTRANSFER.BILL.FINISHED')).state, 'CANCELLED');

// A complaint: told, read, answered, completed.
const addresses = wxpay.v3.merchantService.complaintNotifications;
assert.equal(step('complaint url', await addresses.post({ url: notify_url }), 200).url, notify_url);
assert.equal(step('complaint url', await addresses.get(), 200).url, notify_url);
await ask('COMPLAIN ' + number);
const { complaint_id } = await told('COMPLAINT.CREATE');
const complaints = wxpay.v3.merchantService.complaintsV2;
const listed = step('complaints', await complaints.get({ params: { begin_date: day, end_date: day, complainted_mchid: mchid } }), 200);
assert.deepEqual(listed.data.map((entry) => entry.complaint_id), [complaint_id]);
const complaint = async () => step('complaint', await complaints.$complaint_id$.get({ complaint_id }), 200);
assert.equal((await complaint()).complaint_order_info[0].out_trade_no, number);
step('complaint reply', await complaints.$complaint_id$.response.post(
  { complainted_mchid: mchid, response_content: '已与用户沟通解决' }, { complaint_id },
), 204);
step('complaint complete', await complaints.$complaint_id$.complete.post({ complainted_mchid: mchid }, { complaint_id }), 204);
for (let changes = 0; changes < 2; changes += 1) await told('COMPLAINT.STATE_CHANGE');
const history = step('complaint history', await complaints.$complaint_id$.negotiationHistorys.get({ complaint_id }), 200);
assert.ok(history.data.some((entry) => entry.operate_details === '已与用户沟通解决'));
assert.equal((await complaint()).complaint_state, 'PROCESSED');
step('complaint url', await addresses.put({ url: notify_url + '/2' }), 200);
step('complaint url', await addresses.delete(), 204);

// Pay after service: confirmed, completed, paid; another one is cancelled.
const orders = wxpay.v3.payscore.serviceorder;
const service = 'JS-SERVICE-' + stamp;
const serve = async (out_order_no) => step('service', await orders.post({
  out_order_no, appid, service_id, service_introduction: '某某充电宝', time_range: { start_time: 'OnAccept' },
  risk_fund: { name: 'DEPOSIT', amount: 9900 }, notify_url, need_user_confirm: true,
}), 200);
assert.equal((await serve(service)).state, 'CREATED');
await ask('PASS 10');
assert.equal((await told('PAYSCORE.USER_CONFIRM')).out_order_no, service);
const completed = step('service complete', await orders.$out_order_no$.complete.post(
  { appid, service_id, post_payments: [{ name: '租借费用', amount: 400 }], total_amount: 400 }, { out_order_no: service },
), 200);
assert.equal(completed.state_description, 'MCH_COMPLETE');
await ask('PASS 10');
assert.equal((await told('PAYSCORE.USER_PAID')).collection.paid_amount, 400);
assert.equal(step('service query', await orders.get({ params: { service_id, appid, out_order_no: service } }), 200).state, 'DONE');
await serve(service + '-2');
step('service cancel', await orders.$out_order_no$.cancel.post({ appid, service_id, reason: '用户离开' }, { out_order_no: service + '-2' }), 200);
process.exit(0);
