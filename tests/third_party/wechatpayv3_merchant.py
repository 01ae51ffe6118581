"""The PyPI package wechatpayv3, unmodified but for its host, as a merchant of the sandbox: what all flows share.

The package has its host built in, so the HTTP library below it is told to connect elsewhere; what it signs, sends, verifies
and decrypts is its own affair. Prints one line per step; lines `PAY <out_trade_no>`, `PASS <seconds>` and `NEXT DAY` ask the
test to press Pay and to let time pass, and it answers each with the time of this process from then on.
"""

import http.server
import json
import os
import queue
import sys
import threading
import time

import requests
import requests.api

OFFICIAL = "https://api.mch.weixin.qq.com"
SANDBOX = os.environ["SANDBOX"]

official_request = requests.api.request
real_time = time.time
offset = int(sys.stdin.readline()) - real_time()
time.time = lambda: real_time() + offset


def ask(*command):
    """Has the test do something, and goes on at the time that it says."""
    global offset
    print(*command, flush=True)
    offset = int(sys.stdin.readline()) - real_time()


def request_at_the_sandbox(method, url, **arguments):
    if url.startswith(OFFICIAL):
        url = SANDBOX + url[len(OFFICIAL):]
    assert url.startswith(SANDBOX), url
    return official_request(method, url, **arguments)


requests.api.request = request_at_the_sandbox

from wechatpayv3 import WeChatPay, WeChatPayType  # noqa: E402  (after its transport was redirected)

received = queue.Queue()


class Callback(http.server.BaseHTTPRequestHandler):
    """The merchant's side of a notification, in Python."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            result = pay.callback(headers=dict(self.headers.items()), body=body)
        except Exception as error:  # the package raises for a probe's malformed base64
            result = None
            print("REFUSED", type(error).__name__, flush=True)
        self.send_response(204 if result else 401)
        self.end_headers()
        if result:
            received.put(result)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
threading.Thread(target=server.serve_forever, daemon=True).start()
notify_url = f"http://127.0.0.1:{server.server_port}/wechatpay/notify"


def read(name):
    with open(os.environ[name], encoding="utf-8") as file:
        return file.read()


partner = os.environ["MODE"] == "partner"
public_key_id = os.environ.get("PUBLIC_KEY_ID")
pay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=os.environ["MCHID"],
    private_key=read("PRIVATE_KEY_FILE"),
    cert_serial_no=os.environ["SERIAL_NO"],
    apiv3_key=os.environ["API_V3_KEY"],
    appid=os.environ["APPID"],
    notify_url=notify_url,
    partner_mode=partner,
    public_key=read("PUBLIC_KEY_FILE") if public_key_id else None,
    public_key_id=public_key_id,
)
pay._core._gate_way = SANDBOX  # where a bill's address begins
extra = {"sub_mchid": os.environ["SUB_MCHID"]} if partner else {}


def step(name, code, message, expected):
    assert code == expected, f"{name}: {code} {message}"
    print("OK", name, code, flush=True)
    return json.loads(message) if message else {}


def notification(event_type):
    """The next notification, which the package verified and opened."""
    told = received.get(timeout=30)
    assert told["event_type"] == event_type, told
    print("OK notification", event_type, flush=True)
    return told["resource"]


stamp = str(int(time.time() * 1000))
day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
