"""Makes one notification with nothing but the package `cryptography`, and delivers it.

Reads a JSON order from standard input: url, key_id, private_key_file, api_v3_key, resource, and which `fault` to put in.
Prints the HTTP status that came back.
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

order = json.load(sys.stdin)
with open(order["private_key_file"], "rb") as file:
    key = serialization.load_pem_private_key(file.read(), password=None)

nonce = os.urandom(6).hex()
sealed = AESGCM(order["api_v3_key"].encode()).encrypt(
    nonce.encode(), json.dumps(order["resource"], ensure_ascii=False).encode(), b"transaction"
)
body = json.dumps(
    {
        "id": str(uuid.uuid4()),
        "create_time": time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600)),
        "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS",
        "summary": "支付成功",
        "resource": {
            "original_type": "transaction",
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": "transaction",
            "nonce": nonce,
        },
    },
    ensure_ascii=False,
    indent=2,
).encode()
timestamp = str(int(time.time()))
header_nonce = os.urandom(16).hex()
signature = key.sign(
    f"{timestamp}\n{header_nonce}\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256()
)
headers = {
    "Content-Type": "application/json",
    "Wechatpay-Timestamp": timestamp,
    "Wechatpay-Nonce": header_nonce,
    "Wechatpay-Serial": order["key_id"],
    "Wechatpay-Signature": base64.b64encode(signature).decode(),
    "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
}
fault = order.get("fault")
if fault == "body-bit":
    # The last digit of the ciphertext's middle: still base64, still JSON, one bit of the text away.
    middle = body.index(b'"ciphertext"') + 60
    body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1:]
elif fault == "signature-bit":
    changed = bytes([signature[0] ^ 1]) + signature[1:]
    headers["Wechatpay-Signature"] = base64.b64encode(changed).decode()

request = urllib.request.Request(order["url"], data=body, headers=headers, method="POST")
try:
    with urllib.request.urlopen(request, timeout=10) as response:
        print(response.status)
except urllib.error.HTTPError as error:
    print(error.code)
