#!/bin/sh
url=${CALLBACK_URL:-http://127.0.0.1:3000/}
app=${SDK_APP_ID:-1400000000}
token=${CALLBACK_TOKEN:-xxxxyyyy}
time=${REQUEST_TIME:-$(date +%s)}
sign=$(printf %s "$token$time" | openssl dgst -sha256 -r | cut -c 1-64)

command=Group.CallbackAfterCreateGroup
query="SdkAppid=$app&CallbackCommand=$command&contenttype=json"
query="$query&RequestTime=$time&Sign=$sign"
curl --silent --show-error "$url?$query" \
  --header 'Content-Type: application/json' \
  --data '{
    "CallbackCommand": "'$command'",
    "GroupId": "@TGS#2J4SZEAEL",
    "Operator_Account": "group_root",
    "Type": "Public",
    "Name": "MyFirstGroup",
    "EventTime": 1670574414123
  }'
