"""Drives the sandbox with the PyPI package wechatpayv3, unmodified but for its host.

The package has its host built in, so the HTTP library below it is told to connect elsewhere; what it signs, sends, verifies
and decrypts is its own affair. Prints one line per step; lines `PAY <out_trade_no>`, `PASS <seconds>` and `NEXT DAY` ask the
test to press Pay and to let time pass, and it answers each with the time of this process from then on.
"""

import csv
import gzip
import hashlib
import http.server
import json
import os
import queue
import sys
import tempfile
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


def order(number, total):
    code, message = pay.pay(description="Image形象店-深圳腾大-QQ公仔", out_trade_no=number, amount={"total": total}, **extra)
    answer = step("create", code, message, 200)
    assert answer["code_url"].startswith("weixin://wxpay/bizpayurl"), answer


stamp = str(int(time.time() * 1000))
day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))

# Create, query, close, query.
number = "PY-CLOSE-" + stamp
order(number, 100)
assert step("query", *pay.query(out_trade_no=number, **extra), 200)["trade_state"] == "NOTPAY"
step("close", *pay.close(out_trade_no=number, **extra), 204)
assert step("query", *pay.query(out_trade_no=number, **extra), 200)["trade_state"] == "CLOSED"

# Create, be paid, receive.
number = "PY-PAID-" + stamp
order(number, 990)
ask("PAY", number)
notification = received.get(timeout=30)
assert notification["event_type"] == "TRANSACTION.SUCCESS", notification
resource = notification["resource"]
assert resource["out_trade_no"] == number and resource["trade_state"] == "SUCCESS", resource
assert resource["amount"]["total"] == 990, resource
print("OK notification", notification["id"], flush=True)
paid = step("query", *pay.query(transaction_id=resource["transaction_id"], **extra), 200)
assert paid["trade_state"] == "SUCCESS" and paid["out_trade_no"] == number, paid

# Give a part of it back: accepted first, then done, then told.
refund_number = "PY-REFUND-" + stamp
code, message = pay.refund(
    out_refund_no=refund_number, amount={"refund": 330, "total": 990, "currency": "CNY"}, out_trade_no=number,
    reason="七天无理由", notify_url=notify_url, **extra)
refund = step("refund", code, message, 200)
assert refund["status"] == "PROCESSING" and refund["amount"]["refund"] == 330, refund
ask("PASS", 60)
notification = received.get(timeout=30)
assert notification["event_type"] == "REFUND.SUCCESS", notification
assert notification["resource"]["out_refund_no"] == refund_number, notification
assert notification["resource"]["refund_status"] == "SUCCESS", notification
print("OK notification", notification["id"], flush=True)
assert step("refund query", *pay.query_refund(refund_number, **extra), 200)["status"] == "SUCCESS"

# A picture. The package names no boundary in Content-Type.
with tempfile.NamedTemporaryFile(suffix=".png") as picture:
    picture.write(b"\x89PNG\r\n\x1a\n")
    picture.flush()
    uploaded = step("upload", *pay.image_upload(picture.name, "licence;1.png"), 200)
assert uploaded["media_id"], uploaded

# The bill of that day, on the next.
ask("NEXT DAY")
bill = step("bill", *pay.trade_bill(bill_date=day), 200)
code, packed = pay.download_bill(bill["download_url"])
assert code == 200, (code, packed)
plain = gzip.decompress(packed)
assert bill["hash_type"] == "SHA1" and hashlib.sha1(plain).hexdigest() == bill["hash_value"], bill
rows = list(csv.reader(plain.decode("utf-8-sig").splitlines()))
cells = {cell.lstrip("`") for row in rows for cell in row}
assert number in cells and refund_number in cells, cells
assert "9.90" in cells and "3.30" in cells, cells
print("OK bill of", day, len(rows), "lines", flush=True)

# What does not exist is refused.
code, message = pay.query(out_trade_no="PY-NEVER-" + stamp, **extra)
assert code == 404 and json.loads(message)["code"] in ("ORDER_NOT_EXIST", "ORDERNOTEXIST"), (code, message)
print("OK unknown order", code, flush=True)
sys.exit(0)
