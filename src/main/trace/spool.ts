import Database from 'better-sqlite3'
import { giveBack } from '#common/data/give-back.ts'
import { precisionOf } from './encoding.ts'
import {
  elementsOf,
  laidOut,
  type Layout,
  type SlicedTensor,
  type SliceMemory
} from './sliced-tensor.ts'

/**
 * Values set aside on the disk as they are, a fifth of the work of storing them: in a file without a name, which the
 * system lets go with the process.
 */
export interface Spool {
  /** @throws SqliteError where the disk does not take it */
  put(value: SlicedTensor, layout: Layout): SpooledTensor
  /** @param memory for its slices, which are read as they are asked for */
  get(spooled: SpooledTensor, memory: SliceMemory): SlicedTensor
  remove(spooled: SpooledTensor): void
  /** Of the values in it. */
  readonly bytes: number
}

export interface SpooledTensor {
  readonly shape: readonly number[]
  readonly byteLength: number
  /** Where its slices lie. */
  readonly rows: readonly SpooledSlice[]
}

interface SpooledSlice {
  readonly shape: readonly number[]
  readonly type: 'float32' | 'float16'
  readonly row: number | bigint
}

export function createSpool(): Spool {
  let opened: ReturnType<typeof open> | null = null
  let held = 0

  return {
    put(value, layout) {
      opened ??= open()
      const { shape } = value
      const { count } = laidOut(shape, layout)
      const rows: SpooledSlice[] = []
      let byteLength = 0
      try {
        for (let index = 0; index < count; index++) {
          const { shape, data } = value.slice(index)
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
          const row = opened.insert.run(bytes).lastInsertRowid
          rows.push({ shape, type: precisionOf({ data }), row })
          byteLength += bytes.length
        }
      } catch (error) {
        for (const { row } of rows) opened.remove.run(row)
        throw error
      }
      held += byteLength
      return { shape, byteLength, rows }
    },

    get: ({ shape, rows }, memory) => ({
      shape,
      slice(index) {
        const { shape, type, row } = rows[index]!
        const read = opened!.select.get(row)!
        const bytes = memory.bytes(read.byteLength)
        bytes.set(read)
        giveBack(read)
        return { shape, data: elementsOf(type, bytes) }
      }
    }),

    remove({ byteLength, rows }) {
      for (const { row } of rows) opened!.remove.run(row)
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
