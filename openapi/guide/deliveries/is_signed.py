import base64
import hashlib
import hmac
import re
import time

TOLERANCE_S = 300


def is_signed(secret, id, timestamp, signatures, body, now=None):
    """Whether the receiver sent this delivery; body as bytes."""
    key = base64.b64decode(re.sub("^whsec_", "", secret))
    if not key or not re.fullmatch("[0-9]{1,12}", timestamp):
        return False
    now = int(time.time()) if now is None else now
    if abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    signed = f"{id}.{timestamp}.".encode() + body
    mac = hmac.new(key, signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(mac)
    return any(
        hmac.compare_digest(expected, given.encode())
        for given in signatures.split(" ")
    )
