package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const toleranceSeconds = 300

var digits = regexp.MustCompile(`^[0-9]{1,12}$`)

// IsSigned tells whether the receiver sent this delivery.
func IsSigned(
	secret, id, timestamp, signatures string, body []byte, now time.Time,
) bool {
	key, err := base64.StdEncoding.DecodeString(
		strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 || !digits.MatchString(timestamp) {
		return false
	}
	sentAt, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return false
	}
	age := now.Unix() - sentAt
	if age < -toleranceSeconds || age > toleranceSeconds {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	sum := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(signatures, " ") {
		if hmac.Equal([]byte(given), []byte("v1,"+sum)) {
			return true
		}
	}
	return false
}
