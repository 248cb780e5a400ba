// Masks secrets in texts that people and logs get to see.

export const MASK = '********';

const secretKey = /key|token|secret|pass|pwd|sig|auth|cred/i;

/**
 * A URL, good or bad, without its password and without query values whose key looks secret; the rest stays as it was written.
 * In what is no http URL everything before the last @ may be the password.
 */
export function maskUrl(text: string): string {
  const url = URL.parse(text);
  const usable = url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
  const authority = usable ? /^(\s*https?:[/\\]*[^:/\\?#@]*):[^/\\?#]*@/i : /^([a-z][a-z\d+.-]*:\/\/)?.*@/is;
  const masked = text.replace(authority, (_, kept: string | undefined) => `${kept ?? ''}${usable ? ':' : ''}${MASK}@`);
  return masked.replace(/([?&;#])([^=&;#]*)=([^&;#]*)/g, (whole, mark: string, key: string) =>
    secretKey.test(decoded(key)) ? `${mark}${key}=${MASK}` : whole,
  );
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
