<?php

const TOLERANCE_S = 300;

/** Whether the receiver sent this delivery; $now in seconds. */
function isSigned(
    string $secret,
    string $id,
    string $timestamp,
    string $signatures,
    string $body,
    ?int $now = null
): bool {
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    if ($key === '' || !preg_match('/^[0-9]{1,12}$/D', $timestamp)) {
        return false;
    }
    if (abs(($now ?? time()) - (int) $timestamp) > TOLERANCE_S) {
        return false;
    }
    $hmac = hash_hmac('sha256', "$id.$timestamp.$body", $key, true);
    $expected = 'v1,' . base64_encode($hmac);
    foreach (explode(' ', $signatures) as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}
