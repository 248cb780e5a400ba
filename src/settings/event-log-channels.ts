// The setting event-log-channels: channels of the Event Log, and which of their events are read.

export interface EventLogChannel {
  readonly channel: string;
  /** Subset of XPath 1.0: https://learn.microsoft.com/windows/win32/wes/consuming-events#xpath-10-limitations */
  readonly xpath: string;
}

/** Windows allows no longer names of channels. */
const MAX_NAME_LENGTH = 255;

/** Undefined for a text without a channel, and for one that names a channel twice. */
export function parseChannels(text: string): readonly EventLogChannel[] | undefined {
  if (text.trim().toLowerCase() === 'none') return [];
  const channels = text.split(';').map((entry) => {
    const [name = '', ...xpath] = entry.split('=');
    return { channel: name.trim(), xpath: xpath.length === 0 ? '*' : xpath.join('=').trim() };
  });
  const names = new Set(channels.map(({ channel }) => channel.toLowerCase()));
  const isValid = channels.every(({ channel, xpath }) => isChannel(channel) && xpath !== '');
  return isValid && names.size === channels.length ? channels : undefined;
}

/** https://learn.microsoft.com/windows/win32/wes/defining-channels */
function isChannel(name: string): boolean {
  return name !== '' && name.length <= MAX_NAME_LENGTH && !/[<>&"|\\:`?*]/.test(name);
}
