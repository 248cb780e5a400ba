// Directories of the object namespace: lists their objects by name and type, and opens an object by its full name.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkStatus } from '../../native/check.ts';
import { Handle } from '../../native/handle.ts';
import { CloseHandle } from '../../native/kernel32.ts';
import {
  DIRECTORY_QUERY,
  NtOpenDirectoryObject,
  NtQueryDirectoryObject,
  OBJECT_ATTRIBUTES,
  OBJECT_DIRECTORY_INFORMATION,
  UNICODE_STRING,
} from '../../native/ntdll-objects.ts';
import { withPointers } from '../../native/pointers.ts';
import { STATUS_NO_MORE_ENTRIES } from '../../native/win32-error.ts';

/** A page has some hundred objects. A directory with more pages than this is truncated. */
const MAX_PAGES = 1000;
const PAGE_BYTES = 64 * 1024;

export interface NamedObject {
  readonly name: string;
  /** e.g. `Job`, `Directory`, `Event`. */
  readonly type: string;
}

/** Parses the result of one call of NtQueryDirectoryObject. Throws BoundsError. */
export function parseDirectory(buffer: ForeignBuffer): NamedObject[] {
  const { size, at } = OBJECT_DIRECTORY_INFORMATION;
  const objects: NamedObject[] = [];
  for (let row = 0; ; row += size) {
    const name = buffer.pointer(row + at.NameBuffer);
    if (name < 0) return objects;
    const type = buffer.pointer(row + at.TypeNameBuffer);
    objects.push({
      name: buffer.slice(name, buffer.u16(row + at.NameLength)).toString('utf16le'),
      type: type < 0 ? '' : buffer.slice(type, buffer.u16(row + at.TypeNameLength)).toString('utf16le'),
    });
  }
}

/** Reads directories into a buffer that it keeps. */
export class DirectoryReader {
  readonly #page = Buffer.alloc(PAGE_BYTES);

  /** Objects of this type in a directory such as `\BaseNamedObjects`. Throws Win32Error. */
  read(directory: string, type: string): string[] {
    using handle = openObject('NtOpenDirectoryObject', NtOpenDirectoryObject, directory, DIRECTORY_QUERY);
    const context = new Uint32Array(1);
    const filled = new Uint32Array(1);
    const names: string[] = [];
    for (let page = 0; page < MAX_PAGES; page++) {
      const restart = page === 0 ? 1 : 0;
      const status = NtQueryDirectoryObject(handle.value, this.#page, PAGE_BYTES, 0, restart, context, filled, 0, 0);
      if (status >>> 0 === STATUS_NO_MORE_ENTRIES) break;
      checkStatus('NtQueryDirectoryObject', status);
      const objects = parseDirectory(new ForeignBuffer(this.#page));
      for (const each of objects) if (each.type === type) names.push(each.name);
      if (objects.length === 0) break;
    }
    return names;
  }
}

type OpenByName = (
  handle: BigUint64Array,
  access: number,
  attributes: Buffer,
  unused1: number,
  unused2: number,
) => number;

/** Opens an object by its full name. Throws Win32Error. */
export function openObject(call: string, open: OpenByName, path: string, access: number): Handle {
  const text = Buffer.from(path, 'utf16le');
  const name = Buffer.alloc(UNICODE_STRING.size);
  name.writeUInt16LE(text.length, UNICODE_STRING.at.Length);
  name.writeUInt16LE(text.length, UNICODE_STRING.at.MaximumLength);
  const attributes = Buffer.alloc(OBJECT_ATTRIBUTES.size);
  attributes.writeUInt32LE(OBJECT_ATTRIBUTES.size, OBJECT_ATTRIBUTES.at.Length);
  const handle = new BigUint64Array(1);
  const status = withPointers((setPointer) => {
    setPointer(name, UNICODE_STRING.at.Buffer, text);
    setPointer(attributes, OBJECT_ATTRIBUTES.at.ObjectName, name);
    return open(handle, access, attributes, 0, 0);
  });
  checkStatus(call, status);
  return new Handle(handle[0]!, CloseHandle);
}
