"""Hooks of schemathesis, which drives the admin API by its OpenAPI document.

Random ids are unknown to any sandbox. So every other valid call names an order, a request, a notification and so on that
exists, and a snapshot that was taken. What a call has forgotten (a reset, a removed fault) is made anew.
"""

import base64
import collections
import itertools
import json
import os
import secrets
import time
import urllib.error
import urllib.request

import schemathesis
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

SANDBOX = os.environ["SANDBOX"]
MCHID = os.environ["MCHID"]
OTHER = "1900000088"
with open(os.environ["PRIVATE_KEY_FILE"], "rb") as file:
    KEY = serialization.load_pem_private_key(file.read(), None)

numbers = itertools.count(1)
calls = collections.Counter()


def send(method, path, body=None, **headers):
    text = b"" if body is None else json.dumps(body).encode()
    headers |= {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "admin-api"}
    request = urllib.request.Request(SANDBOX + path, text or None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def api(method, path, body=None):
    return send(method, "/_sandbox/api" + path, body)


def place():
    """Places an order, as a shop does it."""
    api("DELETE", "/faults")
    number = f"api-{next(numbers):04}"
    path = "/v3/pay/transactions/native"
    order = {
        "appid": os.environ["APPID"],
        "mchid": MCHID,
        "description": "Tea",
        "out_trade_no": number,
        "notify_url": "http://127.0.0.1:9/notify",
        "amount": {"total": 990},
    }
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"POST\n{path}\n{timestamp}\n{nonce}\n{json.dumps(order)}\n"
    signature = base64.b64encode(KEY.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    send(
        "POST",
        path,
        order,
        Authorization=f'WECHATPAY2-SHA256-RSA2048 mchid="{MCHID}",serial_no="{os.environ["SERIAL_NO"]}",'
        f'nonce_str="{nonce}",timestamp="{timestamp}",signature="{signature}"',
    )
    return number


def refund():
    number = place()
    api("POST", f"/orders/{number}/pay")
    return api("POST", f"/orders/{number}/refund", {"amount": 1})["out_refund_no"]


def request():
    place()
    return api("GET", "/requests?limit=1")["requests"][0]["number"]


def notification():
    api("POST", f"/orders/{place()}/pay")
    return api("GET", "/notifications?limit=1")["notifications"][0]["id"]


def bill():
    api("POST", f"/orders/{place()}/pay")
    return api("GET", "/clock")["today"]


def merchant():
    """One that may lose its apps and its key."""
    known = [merchant["mchid"] for merchant in api("GET", "/merchants")["merchants"]]
    if OTHER not in known:
        api("POST", "/merchants", {"mchid": OTHER})
    return OTHER


def certificate():
    return api("POST", f"/merchants/{merchant()}/certs")["serial_no"]


def complaint():
    number = place()
    api("POST", f"/orders/{number}/pay")
    return api("POST", f"/orders/{number}/complain", {"detail": "Cold tea"})["number"]


EXISTING = {
    ("orders", "out_trade_no"): place,
    ("refunds", "out_refund_no"): refund,
    ("requests", "number"): request,
    ("notifications", "id"): notification,
    ("records", "kind"): lambda: "complaint",
    ("records", "number"): complaint,
    ("bills", "date"): bill,
    ("bills", "kind"): lambda: "ALL",
    ("merchants", "mchid"): merchant,
    ("merchants", "serial_no"): certificate,
    ("faults", "id"): lambda: api("POST", "/faults", {"do": "lost"})["id"],
    ("stubs", "id"): lambda: api("POST", "/stubs", {"method": "GET", "path": "/v3/x"})["id"],
}


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    calls[case.operation.label] += 1
    if calls[case.operation.label] % 2 == 0:
        return
    family = case.operation.path.split("/")[1]
    for name in case.path_parameters or {}:
        case.path_parameters[name] = EXISTING[family, name]()
    if family == "restore":
        case.body = api("POST", "/snapshot")
