import hashlib
import hmac
import re
import time

TOLERANCE_S = 60


def is_signed(token, request_time, sign, now=None):
    """Whether the vendor signed this request; now in seconds."""
    if not re.fullmatch("[0-9]{1,12}", request_time):
        return False
    now = int(time.time()) if now is None else now
    if abs(now - int(request_time)) > TOLERANCE_S:
        return False
    hashed = hashlib.sha256((token + request_time).encode())
    expected = hashed.hexdigest().encode()
    return hmac.compare_digest(expected, sign.encode())
