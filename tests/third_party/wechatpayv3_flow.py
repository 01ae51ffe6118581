"""Orders, refunds, an upload and the bill by the PyPI package wechatpayv3.

Prints one line per step; see wechatpayv3_merchant.py.
"""

import csv
import gzip
import hashlib
import json
import sys
import tempfile

from wechatpayv3_merchant import ask, day, extra, notify_url, pay, received, stamp, step


def order(number, total):
    code, message = pay.pay(description="Image形象店-深圳腾大-QQ公仔", out_trade_no=number, amount={"total": total}, **extra)
    answer = step("create", code, message, 200)
    assert answer["code_url"].startswith("weixin://wxpay/bizpayurl"), answer


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
