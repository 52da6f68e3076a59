/**
 * The methods of login that send the password hidden by the server's own RSA key. Over an unencrypted connection the
 * driver asks for that key by itself; the stock client only does so with --get-server-public-key.
 */
import { type AuthPlugin, authPlugins } from "mysql2";

/** What the driver's error says; it keeps the text and no class. */
const REFUSED = "the server's public key was not fetched";

/** These methods for the driver, without the question for the key. */
export const withoutPublicKey = {
  caching_sha2_password: refusing(authPlugins.caching_sha2_password({}), 2),
  sha256_password: refusing(authPlugins.sha256_password({}), 1),
};

export function isPublicKeyRefused(error: unknown): boolean {
  return error instanceof Error && error.message === REFUSED;
}

// --- internal ---

/** `question` is the one byte that asks for the key. */
function refusing(plugin: AuthPlugin, question: number): AuthPlugin {
  return (about) => {
    const respond = plugin(about);
    return (data) => {
      const response = respond(data);
      if (response instanceof Uint8Array && response.length === 1 && response[0] === question) throw new Error(REFUSED);
      return response;
    };
  };
}
