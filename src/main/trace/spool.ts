import Database from 'better-sqlite3'
import type { KeptTensor } from './encoding.ts'

/**
 * Values set aside on the disk as they are, a fifth of the work of storing them: in a file without a name, which the
 * system lets go with the process.
 */
export interface Spool {
  /** @throws SqliteError where the disk does not take it */
  put(value: KeptTensor): SpooledTensor
  get(spooled: SpooledTensor): KeptTensor
  remove(spooled: SpooledTensor): void
  /** Of the values in it. */
  readonly bytes: number
}

export interface SpooledTensor {
  readonly shape: readonly number[]
  readonly type: 'float32' | 'float16'
  readonly byteLength: number
  readonly row: number | bigint
}

export function createSpool(): Spool {
  let opened: ReturnType<typeof open> | null = null
  let held = 0

  return {
    put({ shape, data }) {
      opened ??= open()
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      const row = opened.insert.run(bytes).lastInsertRowid
      held += bytes.length
      const type = data instanceof Float32Array ? 'float32' : 'float16'
      return { shape, type, byteLength: bytes.length, row }
    },

    get({ shape, type, row }) {
      const bytes = opened!.select.get(row)!
      const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
      const { buffer, byteOffset, length } = aligned
      return type === 'float32'
        ? { shape, data: new Float32Array(buffer, byteOffset, length / 4) }
        : { shape, data: new Float16Array(buffer, byteOffset, length / 2) }
    },

    remove({ byteLength, row }) {
      opened!.remove.run(row)
      held -= byteLength
      if (held > 0) return
      // The disk has its room again.
      opened!.database.close()
      opened = null
    },

    get bytes() {
      return held
    }
  }
}

function open() {
  // One of no name: SQLite has it in a temporary file, and in memory as far as its few pages go.
  const database = new Database('')
  database.pragma('page_size = 65536')
  database.pragma('cache_size = -2048')
  // Of what it takes back where the disk is full.
  database.pragma('journal_mode = MEMORY')
  database.pragma('synchronous = OFF')
  database.exec('CREATE TABLE value (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL)')
  return {
    database,
    insert: database.prepare('INSERT INTO value (bytes) VALUES (?)'),
    select: database
      .prepare<[number | bigint], Uint8Array<ArrayBuffer>>('SELECT bytes FROM value WHERE row = ?')
      .pluck(),
    remove: database.prepare('DELETE FROM value WHERE row = ?')
  }
}
