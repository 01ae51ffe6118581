"""Places a Native order at the sandbox with the PyPI package wechatpayv3 and prints its code_url."""
import json
import os
import time
from pathlib import Path

import requests.api
from wechatpayv3 import WeChatPay, WeChatPayType

# The package has no setting for the address of the gateway. Remove these lines in production.
official, gateway, send = "https://api.mch.weixin.qq.com", os.environ["WECHATPAY_BASE_URL"], requests.api.request
requests.api.request = lambda method, url, **more: send(method, url.replace(official, gateway, 1), **more)


def pem(name):
    """Returns the key of a variable, where \\n stands for a line end, or of the file that <name>_FILE names."""
    file = os.environ.get(name + "_FILE")
    text = Path(file).read_text() if file else os.environ.get(name, "").replace("\\n", "\n")
    return text or None


pay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=os.environ["WECHATPAY_MCHID"],
    appid=os.environ["WECHATPAY_APPID"],
    cert_serial_no=os.environ["WECHATPAY_SERIAL_NO"],
    private_key=pem("WECHATPAY_PRIVATE_KEY"),
    apiv3_key=os.environ["WECHATPAY_API_V3_KEY"],
    public_key=pem("WECHATPAY_PUBLIC_KEY"),  # without a public key, platform certificates are downloaded
    public_key_id=os.environ.get("WECHATPAY_PUBLIC_KEY_ID"),
    notify_url="http://127.0.0.1:3000/wechatpay/notify",
)
number = f"TEA{int(time.time() * 1000)}"
code, message = pay.pay(description="Tea", out_trade_no=number, amount={"total": 990, "currency": "CNY"})
if code != 200:
    raise SystemExit(f"{code}: {message}")
print(f"order {number}, to be shown as a QR code: {json.loads(message)['code_url']}")
