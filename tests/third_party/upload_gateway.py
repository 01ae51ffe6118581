"""A gateway for uploads with nothing but the package `cryptography` and Python's own parser of MIME messages.

Reads a JSON line from standard input: merchant_public_key (PEM), mchid, serial_no, platform_private_key (PEM), key_id.
Prints the port it listens on, then a JSON line for each upload: what was in it, or why it was refused.

The rules are those of the upload pages: two parts, `meta` and `file`; the signature covers method, path, time, nonce and the
text of `meta`, and not the form; `meta` names the file and its SHA-256.
"""

import base64
import email.parser
import email.policy
import hashlib
import http.server
import json
import os
import re
import sys
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

order = json.loads(sys.stdin.readline())
merchant = serialization.load_pem_public_key(order["merchant_public_key"].encode())
platform = serialization.load_pem_private_key(order["platform_private_key"].encode(), password=None)


class Refused(Exception):
    pass


def signs(authorization, path, body):
    """Whether the signature is one over this body."""
    message = f"POST\n{path}\n{authorization['timestamp']}\n{authorization['nonce_str']}\n".encode() + body + b"\n"
    signature = base64.b64decode(authorization["signature"], validate=True)
    try:
        merchant.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def parts(content_type, body):
    """The parts of a form, in their order, as Python's mail package reads them."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    if message.defects or not message.is_multipart():
        raise Refused(f"no form: {message.defects}")
    return list(message.iter_parts())


def check(path, headers, body):
    scheme, _, fields = headers["Authorization"].partition(" ")
    if scheme != "WECHATPAY2-SHA256-RSA2048":
        raise Refused("another scheme")
    authorization = dict(re.findall(r'(\w+)="([^"]*)"', fields))
    if (authorization["mchid"], authorization["serial_no"]) != (order["mchid"], order["serial_no"]):
        raise Refused("another merchant")
    if abs(time.time() - int(authorization["timestamp"])) > 300:
        raise Refused("another time")
    meta, file = parts(headers["Content-Type"], body)
    names = [part.get_param("name", header="content-disposition") for part in (meta, file)]
    if names != ["meta", "file"] or meta.get_content_type() != "application/json":
        raise Refused(f"the parts are {names}")
    text = meta.get_payload(decode=True)
    if not signs(authorization, path, text):
        raise Refused("the signature is not one over meta")
    if signs(authorization, path, body):
        raise Refused("the signature is one over the form")
    told = json.loads(text)
    content = file.get_payload(decode=True)
    if sorted(told) != ["filename", "sha256"] or told["filename"] != file.get_filename():
        raise Refused("meta is about another file")
    if told["sha256"] != hashlib.sha256(content).hexdigest():
        raise Refused("the file has another digest")
    return {
        "path": path,
        "filename": told["filename"],
        "content_type": file.get_content_type(),
        "length": len(content),
        "sha256": told["sha256"],
    }


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            seen = check(self.path, self.headers, body)
            status, answer = 200, {"media_id": base64.urlsafe_b64encode(os.urandom(81)).decode()}
        except Refused as error:
            seen = {"refused": str(error)}
            status, answer = 400, {"code": "PARAM_ERROR", "message": str(error)}
        print(json.dumps(seen), flush=True)
        answer = json.dumps(answer).encode()
        timestamp, nonce = str(int(time.time())), os.urandom(16).hex()
        signature = platform.sign(f"{timestamp}\n{nonce}\n".encode() + answer + b"\n", padding.PKCS1v15(), hashes.SHA256())
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer)),
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": order["key_id"],
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
print(server.server_address[1], flush=True)
server.serve_forever()
