// Texts of a known shape in other texts: addresses, identifiers, URLs, credentials, accounts and paths.

/** Joins parts of an expression. */
function joined(flags: string, ...parts: readonly RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join(''), flags);
}

/** One of several expressions. */
function anyOf(flags: string, ...alternatives: readonly RegExp[]): RegExp {
  return new RegExp(alternatives.map(({ source }) => source).join('|'), flags);
}

/** Keys before a secret or the name of a user, whatever it is made of. */
const secretKey = anyOf(
  '',
  /pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|authorization|signature|sig/,
  /(?:api|access|account|private)[-_ ]?key/,
  /user(?:[-_ ]?(?:id|name))?|uid/,
);
/** Key and value; the value of a connection string extends to its semicolon. */
export const secretValue = joined(
  'gi',
  new RegExp(`((?:${secretKey.source})["']?\\s*(?:[=:]|%(?:25)*3[ad])\\s*)`),
  /("[^"]*"|'[^']*'|[^\s;&,"'<>)\]}]+(?:[^;&"'\r\n]*(?=;))?)/,
);
export const bearer = /\b((?:bearer|basic|negotiate|ntlm)\s+)([\w.~+/=-]{6,})/gi;

/** `scheme://...` up to white space; user information with spaces extends to its `@`. */
export const url = joined(
  'gi',
  /([a-z][a-z\d+.-]{0,31}):[\\/]{2,}/,
  /(?:[^\s"'<>@/\\?#]*:(?!\d*(?:[/\\?#\s"'<>,;)\]]|$))[^\s"<>]*[ \t][^\n"<>]*?@)?/,
  /[^\s"'<>]*/,
);

/** https://learn.microsoft.com/windows/win32/secauthz/sid-components */
export const sid = /S-1-\d{1,14}(?:-\d{1,10})+/gi;
/** https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
export const wellKnownSid = /^S-1-(?:[0-4]-\d|5-(?:[1-9]|1[0-9]|20)|5-32-5\d\d|15-[23]-\d+|16-\d{1,5})$/i;

export const guid = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;
/** Hexadecimal digits, at least one of each sort, as in ids and encoded texts. */
export const hexadecimal = /(?:0x|(?<![\da-f]))(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,}(?:-[\da-f]{4,})*(?![\da-f])/gi;
export const hardwareAddress =
  /(?<![\da-f])(?:(?:[\da-f]{2}[:-]){5,}[\da-f]{2}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4})(?![\da-f])/gi;
/** Escaped characters, and bytes in hexadecimal or decimal with equal separators. */
export const encodedBytes = anyOf(
  'gi',
  /(?:(?:0x|\\{1,2}x|\\{1,2}u\{?|%u?|&#x?|U\+|=(?=[\dA-F]{2}=))[\da-f]{2,6}[};,\s]*){2,}/,
  /(?:\\{1,2}[0-7]{3}){2,}/,
  // The number of a bank card.
  /(?<![\da-z])\d{4}(?<card>[ -])\d{4}\k<card>\d{4}\k<card>\d{1,4}(?![\da-z])/,
  /(?<![\da-z])[\da-f]{2}(?<hex>[ :,-])(?:[\da-f]{2}\k<hex>){2,}[\da-f]{2}(?![\da-z])/,
  /(?<![\da-z])\d{2,3}(?<decimal>, ?| )(?:\d{2,3}\k<decimal>){3,}\d{2,3}(?![\da-z])/,
);

export const mail = /[^\s@\\/:;,"'<>()[\]=]+@[^\s@\\/:;,"'<>()[\]=]+/g;
/** Hexadecimal groups with colons; what is no IPv6 address and no time is removed. */
export const ipv6 = /(?:[\da-f]*:){2,}(?:\d{1,3}(?:\.\d{1,3}){3}(?!\d)|[\da-f]*)(?:%\w+)?/gi;
export const ipv4 = /(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d)(?!\.\d)/g;

const serverPrefix = anyOf(
  '',
  /(?<![^\s"'`(=,;|>])[\\/]{2,}(?:[?.][\\/]+UNC[\\/]+)?/,
  /[\\/]UNC[\\/]+/,
  /[\\/]Device[\\/]+(?:Mup|LanmanRedirector|WebDavRedirector)[\\/]+(?:;[^\\/]*[\\/]+)?/,
);
/** `\\server`, `\\?\UNC\server`, `\Device\Mup\server`; also with slashes. */
export const server = joined('gi', new RegExp(`(${serverPrefix.source})`), /((?!\.[\\/])[^\\/\s"'?*:;,|<>]+)/);
/** Folder of a user; a name with spaces is delimited by the next separator. */
export const profile =
  /([\\/]+(?:Users|Documents and Settings|home)[\\/]+)([^\\/"':*?<>|\r\n]{1,64}(?=[\\/])|[^\\/"':*?<>|\s]+)/gi;
/** Profiles that do not belong to one user. */
export const sharedProfile = /^(?:public|default|default user|all users)$/i;

/** A path; a folder with spaces is delimited by the next separator, and a file with an extension ends it. */
export const path =
  /(?:[a-z]:|%[\w()]+%|(?<![^\s"'(=,;]))[\\/](?:(?!\S*\.\w{2,4}\s)[^\\/:*?"<>|\r\n]*[\\/])*[^\\/:*?"<>|\s]*/gi;

const withoutSeparators = /[^\s\\/:;,"'<>()[\]=|?*@]+/;
const domainWithSpace = /NT (?:AUTHORITY|SERVICE|VIRTUAL MACHINE)|IIS APPPOOL|Window Manager|Font Driver Host/;
/** `DOMAIN\user`, and not a part of a path. */
export const accountInText = joined(
  'gi',
  /(?<![\w\\/:.$%-])/,
  new RegExp(`(${domainWithSpace.source}|${withoutSeparators.source})`),
  new RegExp(`(\\\\{1,2})(${withoutSeparators.source})(?![\\\\/\\w])`),
);
/** Folders and roots of the registry that relative paths begin with. */
export const folder =
  /^(?:HKLM:?|HKCU:?|HKCR|HKU|HKEY_[A-Z_]+|SOFTWARE|SYSTEM|Microsoft|Windows|System32|SysWOW64|drivers|Device)$/i;
