// The npm package wechatpay-axios-plugin, whose host is a setting, as a merchant of the sandbox: what all flows share.
//
// Prints one line per step; lines `PAY <out_trade_no>`, `PASS <seconds>` and `NEXT DAY` ask the test to press Pay and to let
// time pass, and it answers each with the time of this process from then on.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

export const { Wechatpay, Formatter, Aes, Rsa, Multipart } = createRequire(process.env.NODE_MODULES + '/')('wechatpay-axios-plugin');
export const { SANDBOX, MCHID: mchid, APPID: appid, API_V3_KEY, SERIAL_NO, PUBLIC_KEY_ID } = process.env;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const realNow = Date.now;
let offset = 0;
Date.now = () => realNow() + offset;
const goOn = async () => { offset = Number((await answers.next()).value) * 1000 - realNow(); };
export const ask = async (command) => { console.log(command); await goOn(); };
await goOn();

export const publicKey = readFileSync(process.env.PUBLIC_KEY_FILE);
export const wxpay = new Wechatpay({
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
export const notify_url = `http://127.0.0.1:${server.address().port}/wechatpay/notify`;
export const notification = async () => {
  while (received.length === 0) await new Promise((resolve) => { arrived = resolve; });
  return received.shift();
};

export const step = (name, { status, data }, expected) => {
  assert.equal(status, expected, name);
  console.log('OK', name, status);
  return data;
};
export const stamp = String(Date.now());
export const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
