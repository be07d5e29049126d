<?php

const TOLERANCE_S = 60;

/** Whether the vendor signed this request; $now in seconds. */
function isSigned(
    string $token,
    string $requestTime,
    string $sign,
    ?int $now = null
): bool {
    if (!preg_match('/^[0-9]{1,12}$/D', $requestTime)) {
        return false;
    }
    if (abs(($now ?? time()) - (int) $requestTime) > TOLERANCE_S) {
        return false;
    }
    return hash_equals(hash('sha256', $token . $requestTime), $sign);
}
