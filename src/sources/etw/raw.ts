// Packs events as they came, for tapes: an event is its GUID, id, version, pid, time, lengths, payload and container id.
import type { RawEventsRecord } from '../host.ts';
import type { EventView } from './event-view.ts';
import { guidBytes, providers } from './providers.ts';

/**
 * Offsets in the head of an event, little-endian, packed: GUID (16), id (u16), version (u8), bytes of a pointer in the payload (u8), pid (u32),
 * FILETIME (u64), payload length (u32), container id length (u32); the payload and the container id follow.
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
/** Bytes of one observation; a tape takes 16 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

const guids = providers.map(({ guid }) => guidBytes(guid));

export class RawPacker {
  #parts: Buffer[] = [];
  #bytes = 0;

  get count(): number {
    return this.#parts.length;
  }

  /** False when there is no room before somebody takes what is here. The view is left as it is. */
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

  take(): RawEventsRecord {
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
