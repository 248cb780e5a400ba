// Name of the folder of the spool, below the folder of the setting `wal-dir`.

/** Holds a folder for each queue, with up to some ten thousand payloads. */
export const SPOOL_FOLDER = 'spool';
