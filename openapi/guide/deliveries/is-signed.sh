#!/bin/sh
# is-signed.sh ID TIMESTAMP SIGNATURES <body: the exit status tells
id=$1 timestamp=$2 signatures=$3
secret=${DELIVERY_SECRET:?} now=${NOW:-$(date +%s)}

case $timestamp in '' | 0* | *[!0-9]*) exit 1 ;; esac
age=$((now - timestamp))
if [ "$age" -gt 300 ] || [ "$age" -lt -300 ]; then exit 1; fi

hmac() {
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -binary |
    openssl base64 -A
}
key=$(printf %s "${secret#whsec_}" | openssl base64 -d -A |
  od -An -v -tx1 | tr -d ' \n')
expected=v1,$( (printf %s "$id.$timestamp." && cat) | hmac "${key:?}")

# Compares under a key of its own: the time tells nothing.
set -f
once=$(openssl rand -hex 32)
digest=$(printf %s "$expected" | hmac "$once")
for given in $signatures; do
  if [ "$(printf %s "$given" | hmac "$once")" = "$digest" ]; then exit 0; fi
done
exit 1
