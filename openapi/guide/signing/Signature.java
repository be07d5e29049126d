import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

final class Signature {
  private static final long TOLERANCE_S = 60;

  /** Whether the vendor signed this request. */
  static boolean isSigned(
      String token, String requestTime, String sign, Instant now)
      throws GeneralSecurityException {
    if (!requestTime.matches("[0-9]{1,12}")) return false;
    long age = now.getEpochSecond() - Long.parseLong(requestTime);
    if (Math.abs(age) > TOLERANCE_S) return false;
    byte[] hash = MessageDigest.getInstance("SHA-256")
        .digest((token + requestTime).getBytes(UTF_8));
    byte[] expected = HexFormat.of().formatHex(hash).getBytes(UTF_8);
    return MessageDigest.isEqual(expected, sign.getBytes(UTF_8));
  }
}
