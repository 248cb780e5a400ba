// Packs undecoded events for a tape.
import type { RawEventsRecord } from '../host.ts';
import type { EventView } from './event-view.ts';
import { guidBytes } from './guid.ts';
import { providers } from './providers/index.ts';

/**
 * Offsets in the header of a packed event, little-endian: GUID (16), id (u16), version (u8), pointer size in the
 * payload (u8), pid (u32), FILETIME (u64), payload length (u32), container id length (u32). The payload and the
 * container id follow.
 */
const AT = {
  guid: 0,
  id: 16,
  version: 18,
  pointerBytes: 19,
  pid: 20,
  ticksLow: 24,
  ticksHigh: 28,
  payloadLength: 32,
  containerLength: 36,
} as const;
const HEAD_BYTES = 40;
/** Limit of one observation; a tape accepts 16 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

const guids = providers.map(({ guid }) => guidBytes(guid));

export class RawPacker {
  #parts: Buffer[] = [];
  #bytes = 0;

  get count(): number {
    return this.#parts.length;
  }

  /** Packs the event without moving the view. False when the batch is full or the provider is unknown. */
  add(event: EventView): boolean {
    const guid = guids[event.provider];
    const payload = event.payload();
    const container = Buffer.from(event.containerId(), 'latin1');
    const length = HEAD_BYTES + payload.length + container.length;
    if (!guid || this.#bytes + length > MAX_BYTES) return false;
    const packed = Buffer.alloc(length);
    guid.copy(packed, AT.guid);
    packed.writeUInt16LE(event.id, AT.id);
    packed.writeUInt8(event.version, AT.version);
    packed.writeUInt8(event.pointerBytes, AT.pointerBytes);
    packed.writeUInt32LE(event.pid, AT.pid);
    packed.writeUInt32LE(event.ticksLow, AT.ticksLow);
    packed.writeUInt32LE(event.ticksHigh, AT.ticksHigh);
    packed.writeUInt32LE(payload.length, AT.payloadLength);
    packed.writeUInt32LE(container.length, AT.containerLength);
    payload.copy(packed, HEAD_BYTES);
    container.copy(packed, HEAD_BYTES + payload.length);
    this.#parts.push(packed);
    this.#bytes += length;
    return true;
  }

  /** All packed events, and removes them. */
  drain(): RawEventsRecord {
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const count = this.#parts.length;
    this.#parts = [];
    this.#bytes = 0;
    return { count, bytes };
  }
}
