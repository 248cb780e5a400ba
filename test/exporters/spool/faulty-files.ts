// A file system that fails at chosen calls, around the real one.
import { diskFiles, type SpoolFiles } from '../../../src/exporters/spool/spool-files.ts';

export type FileCall = keyof SpoolFiles;

export function errorOf(code: string, call: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code });
}

/**
 * `faultOf` returns the code of the error with which a call fails, undefined for none. A call that changes something
 * may fail after it was done, as over a network: with `+` behind the code.
 */
export function faultyFiles(faultOf: (call: FileCall, path: string) => string | undefined): SpoolFiles {
  const wrap =
    <A extends [string, ...unknown[]], R>(call: FileCall, operation: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const fault = faultOf(call, args[0]);
      if (fault === undefined) return await operation(...args);
      const code = fault.replace('+', '');
      if (fault.endsWith('+')) await operation(...args);
      // The disk becomes full in the middle of a file.
      else if (call === 'create') {
        const [path, parts] = args as unknown as [string, Uint8Array[]];
        await diskFiles.create(path, [parts[0]!.subarray(0, parts[0]!.length / 2)]).catch(() => {});
      }
      throw errorOf(code, call);
    };
  return {
    createFolder: wrap('createFolder', diskFiles.createFolder),
    list: wrap('list', diskFiles.list),
    sizeOf: wrap('sizeOf', diskFiles.sizeOf),
    read: wrap('read', diskFiles.read),
    create: wrap('create', diskFiles.create),
    rename: wrap('rename', diskFiles.rename),
    remove: wrap('remove', diskFiles.remove),
    syncFolder: wrap('syncFolder', diskFiles.syncFolder),
    lock: wrap('lock', diskFiles.lock),
  };
}
