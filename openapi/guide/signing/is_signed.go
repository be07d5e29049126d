package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"
)

const toleranceSeconds = 60

var digits = regexp.MustCompile(`^[0-9]{1,12}$`)

// IsSigned tells whether the vendor signed this request.
func IsSigned(token, requestTime, sign string, now time.Time) bool {
	if !digits.MatchString(requestTime) {
		return false
	}
	signedAt, err := strconv.ParseInt(requestTime, 10, 64)
	if err != nil {
		return false
	}
	age := now.Unix() - signedAt
	if age < -toleranceSeconds || age > toleranceSeconds {
		return false
	}
	hash := sha256.Sum256([]byte(token + requestTime))
	expected := []byte(hex.EncodeToString(hash[:]))
	return subtle.ConstantTimeCompare([]byte(sign), expected) == 1
}
