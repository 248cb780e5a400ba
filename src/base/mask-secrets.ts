// Masks secrets in texts that are shown to users or logged.

export const MASK = '********';

const secretKey = /key|token|secret|pass|pwd|sig|auth|cred/i;

/**
 * A URL, valid or not, with its password and the query values of secret-looking keys masked; the rest is unchanged.
 */
export function maskUrl(text: string): string {
  return maskPassword(text).replace(/([?&;#])([^=&;#]*)=([^&;#]*)/g, (whole, mark: string, key: string) =>
    secretKey.test(decoded(key)) ? `${mark}${key}=${MASK}` : whole,
  );
}

function maskPassword(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) {
    if (url.password === '') return text;
    const masked = text.replace(/^(\s*https?:[/\\]*[^:/\\?#@]*):[^/\\?#]*@/i, (_, kept: string) => `${kept}:${MASK}@`);
    if (masked !== text) return masked;
  }
  // In anything but a regular http URL everything before the last @ may be the password.
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, (_, scheme: string | undefined) => `${scheme ?? ''}${MASK}@`);
}

/** Any other text: only credentials of a URL in it are masked. */
export function maskCredentials(text: string): string {
  return text.replace(/:\/\/[^/@\s]*@/g, `://${MASK}@`);
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
