import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class DeliverySignature {
  private static final long TOLERANCE_S = 300;

  /** Whether the receiver sent this delivery. */
  static boolean isSigned(
      String secret, String id, String timestamp, String signatures,
      byte[] body, Instant now) throws GeneralSecurityException {
    byte[] key =
        Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    if (key.length == 0 || !timestamp.matches("[0-9]{1,12}")) return false;
    long age = now.getEpochSecond() - Long.parseLong(timestamp);
    if (Math.abs(age) > TOLERANCE_S) return false;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
    String sum = Base64.getEncoder().encodeToString(mac.doFinal(body));
    byte[] expected = ("v1," + sum).getBytes(UTF_8);
    for (String given : signatures.split(" ")) {
      if (MessageDigest.isEqual(expected, given.getBytes(UTF_8))) return true;
    }
    return false;
  }
}
