#!/bin/sh
url=${DELIVERY_URL:-http://127.0.0.1:8080/}
secret=${DELIVERY_SECRET:?}
id=80c9839a-$(date +%s) timestamp=$(date +%s)
body='{"specversion":"1.0","id":"'$id'","source":"/tencent-chat/1400000000",
"type":"Group.CallbackAfterGroupFull","subject":"@TGS#2J4SZEAEL",
"time":"2026-12-01T08:00:00.000Z","datacontenttype":"application/json",
"subjectkind":"group","receivedtime":"2026-12-01T08:00:00.020Z","attempt":1,
"data":{"CallbackCommand":"Group.CallbackAfterGroupFull",
"GroupId":"@TGS#2J4SZEAEL","EventTime":"1796112000000"}}'

key=$(printf %s "${secret#whsec_}" | openssl base64 -d -A |
  od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$timestamp.$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary |
  openssl base64 -A)
curl --silent --show-error --write-out '%{http_code}\n' "$url" \
  --header 'Content-Type: application/cloudevents+json; charset=utf-8' \
  --header "webhook-id: $id" --header "webhook-timestamp: $timestamp" \
  --header "webhook-signature: v1,$signature" --data-binary "$body"
