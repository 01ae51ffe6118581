// Places a Native order at the sandbox with the npm package wechatpay-axios-plugin and prints its code_url.
import { readFileSync } from 'node:fs';
import { Wechatpay } from 'wechatpay-axios-plugin';

const env = process.env;
// The key of a variable, where \n stands for a line end, or of the file that <name>_FILE names.
const pem = (name) => (env[`${name}_FILE`] ? readFileSync(env[`${name}_FILE`], 'utf8') : env[name].replaceAll('\\n', '\n'));

const wxpay = new Wechatpay({
  baseURL: `${env.WECHATPAY_BASE_URL}/`, // left out in production
  mchid: env.WECHATPAY_MCHID,
  serial: env.WECHATPAY_SERIAL_NO,
  privateKey: pem('WECHATPAY_PRIVATE_KEY'),
  certs: { [env.WECHATPAY_PUBLIC_KEY_ID]: pem('WECHATPAY_PUBLIC_KEY') },
});
const number = `TEA${Date.now()}`;
try {
  const { data } = await wxpay.v3.pay.transactions.native.post({
    appid: env.WECHATPAY_APPID,
    mchid: env.WECHATPAY_MCHID,
    description: 'Tea',
    out_trade_no: number,
    notify_url: 'http://127.0.0.1:3000/wechatpay/notify',
    amount: { total: 990, currency: 'CNY' },
  });
  console.log(`order ${number}, to be shown as a QR code: ${data.code_url}`);
} catch (error) {
  console.error(error.message, error.response?.data);
  process.exitCode = 1;
}
