"""A client of its own that signs wrongly, in ways that real ones do, and prints what the sandbox says about each.

Nothing here is ours but the mistakes: the signature comes from the package cryptography, the HTTP from the standard library.
One line per mistake: its name, the status, and in JSON what stands at `detail.sandbox`.
"""

import base64
import json
import os
import secrets
import time
import urllib.error
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

SANDBOX = os.environ["SANDBOX"]
MCHID = os.environ["MCHID"]
SERIAL_NO = os.environ["SERIAL_NO"]
with open(os.environ["PRIVATE_KEY_FILE"], "rb") as file:
    KEY = serialization.load_pem_private_key(file.read(), None)

QUERY = f"/v3/pay/transactions/out-trade-no/T-0001?mchid={MCHID}"
PREPAY = "/v3/pay/transactions/native"
ORDER = {
    "appid": os.environ["APPID"],
    "mchid": MCHID,
    "description": "茶壶 A/B",
    "out_trade_no": "T-0001",
    "notify_url": "https://shop.example/wechatpay/notify",
    "amount": {"total": 100},
}


class Client:
    """Signs as documented; what is wrong is overridden."""

    hash = hashes.SHA256()
    padding = padding.PKCS1v15()

    def line_url(self, url):
        return url

    def line_timestamp(self, timestamp):
        return timestamp

    def line_body(self, body):
        return body

    def frame(self, lines):
        return "".join(line + "\n" for line in lines)

    def encode(self, signature):
        return base64.b64encode(signature).decode()

    def send(self, method, url, body=""):
        timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
        lines = [method, self.line_url(url), self.line_timestamp(timestamp), nonce, self.line_body(body)]
        signature = KEY.sign(self.frame(lines).encode(), self.padding, self.hash)
        authorization = (
            f'WECHATPAY2-SHA256-RSA2048 mchid="{MCHID}",serial_no="{SERIAL_NO}",nonce_str="{nonce}",'
            f'timestamp="{timestamp}",signature="{self.encode(signature)}"'
        )
        request = urllib.request.Request(SANDBOX + url, body.encode() or None, method=method)
        request.add_header("Authorization", authorization)
        request.add_header("Accept", "application/json")
        request.add_header("User-Agent", "wrong-signer")
        if body:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)


class NoLastLineEnd(Client):
    def frame(self, lines):
        return "\n".join(lines)


class FullUrl(Client):
    def line_url(self, url):
        return SANDBOX + url


class NoQuery(Client):
    def line_url(self, url):
        return url.split("?")[0]


class ClockReadTwice(Client):
    def line_timestamp(self, timestamp):
        return str(int(timestamp) - 2)


class Milliseconds(Client):
    def line_timestamp(self, timestamp):
        return timestamp + "000"


class DumpedTwice(Client):
    """Signs json.dumps(order) and leaves the sending to a library that writes it compactly."""

    def line_body(self, body):
        return json.dumps(json.loads(body))


class NoBody(Client):
    def line_body(self, body):
        return ""


class Pss(Client):
    padding = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)


class Sha1(Client):
    hash = hashes.SHA1()


class Hexadecimal(Client):
    def encode(self, signature):
        return signature.hex()


class TwoMistakes(NoQuery, ClockReadTwice):
    pass


class SomethingElse(Client):
    def line_body(self, body):
        return "what nobody thinks of"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


for client in Client.__subclasses__() + [TwoMistakes, Client]:
    if client in (DumpedTwice, NoBody, SomethingElse):
        status, answer = client().send("POST", PREPAY, compact(ORDER))
    else:
        status, answer = client().send("GET", QUERY)
    told = answer.get("detail", {}).get("sandbox", {})
    print(client.__name__, status, json.dumps(told, ensure_ascii=False), sep="\t")
