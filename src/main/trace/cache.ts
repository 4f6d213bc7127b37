import { rmSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import Database from 'better-sqlite3'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { elementCount, sliceOfFirstAxis, type Tensor } from '#common/model/tensor.ts'
import {
  DamagedValue,
  decodeTensor,
  encodeTensor,
  type EncodedTensor,
  type KeptTensor
} from './encoding.ts'

/**
 * What runs computed, kept between starts: a bounded SQLite file from which the least recently used values
 * go first. It is disposable: a damaged file is replaced by an empty one.
 */
export interface TraceCache {
  /**
   * @param index of the first axis: of a value kept by slice, that one alone is read and decoded
   * @throws LamellaError `invalid-argument` when the axis has no such index
   */
  get(run: string, hook: string, index?: number): Tensor | null
  has(run: string, hook: string): boolean
  put(run: string, hook: string, value: KeptTensor, layout?: Layout): void
  /** Bytes of the values kept. */
  readonly bytes: number
  close(): void
}

/** How a value lies in the cache: as one, or each slice of its first axis by itself. */
export type Layout = 'whole' | 'by slice'

const version = 3

const schema = `
  CREATE TABLE value (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    hook TEXT NOT NULL,
    precision TEXT NOT NULL,
    shape TEXT NOT NULL,
    by_slice INTEGER NOT NULL,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    UNIQUE (run, hook)
  );
  CREATE INDEX value_used ON value (used);
  -- Apart from value, so that marking one as used does not rewrite its bytes.
  CREATE TABLE content (
    id INTEGER NOT NULL REFERENCES value ON DELETE CASCADE,
    slice INTEGER NOT NULL,
    compressed INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (id, slice)
  );
  PRAGMA user_version = ${version};
`

interface ValueRow {
  id: number
  precision: EncodedTensor['precision']
  shape: string
  by_slice: number
}

interface ContentRow {
  compressed: number
  crc32: number
  bytes: Uint8Array
}

/** Opens the cache, made anew where it is missing, damaged or of another version. */
export function openTraceCache(file: string, limitBytes: number): TraceCache {
  let tables = openTables(file)

  /** Does `action`, on an empty cache when the file turns out to be damaged. */
  function withTables<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      if (!isDamage(error)) throw error
      tables.database.close()
      remove(file)
      tables = openTables(file)
      return action()
    }
  }

  return {
    get: (run, hook, index) => withTables(() => tables.get(run, hook, index)),
    has: (run, hook) => withTables(() => tables.has(run, hook)),
    put: (run, hook, value, layout = 'whole') => {
      const slices = layout === 'whole' ? [value] : slicesOf(value)
      const encoded = { shape: value.shape, layout, slices: slices.map(encodeTensor) }
      try {
        withTables(() => tables.put(run, hook, encoded, limitBytes))
      } catch (error) {
        // What a full disk does not take is computed again.
        if (!isRefusal(error)) throw error
      }
    },
    get bytes() {
      return tables.bytes()
    },
    close: () => tables.database.close()
  }
}

type Tables = ReturnType<typeof prepareTables>

function openTables(file: string): Tables {
  try {
    return prepareTables(file)
  } catch (error) {
    // What others are using, or no disk takes, is not damaged.
    if (isBusy(error) || isRefusal(error)) throw error
    remove(file)
    return prepareTables(file)
  }
}

function prepareTables(file: string) {
  const database = new Database(file)
  try {
    return prepareStatements(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function prepareStatements(database: Database.Database) {
  // Values are large: the largest page writes them in the fewest pieces.
  database.pragma('page_size = 65536')
  database.pragma('journal_mode = WAL')
  // In pages: every 16 MB the log goes into the file, which takes some 40 ms.
  database.pragma('wal_autocheckpoint = 256')
  database.pragma('synchronous = NORMAL')
  database.pragma('foreign_keys = ON')
  // Two programs may start at once.
  database
    .transaction(() => {
      if (versionOf(database) === 0) database.exec(schema)
    })
    .immediate()
  const found = versionOf(database)
  if (found !== version) throw new DamagedValue(`trace cache of version ${String(found)}`)

  const select = database.prepare<[string, string], ValueRow>(
    'SELECT id, precision, shape, by_slice FROM value WHERE run = ? AND hook = ?'
  )
  const selectContent = database.prepare<[number, number], ContentRow>(
    'SELECT compressed, crc32, bytes FROM content WHERE id = ? AND slice = ?'
  )
  const exists = database.prepare('SELECT 1 FROM value WHERE run = ? AND hook = ?')
  const touch = database.prepare('UPDATE value SET used = ? WHERE id = ?')
  const insertValue = database.prepare(
    `INSERT INTO value (run, hook, precision, shape, by_slice, size, used)
     VALUES (?, ?, ?, ?, ?, ?, ?)`
  )
  const insertContent = database.prepare(
    'INSERT INTO content (id, slice, compressed, crc32, bytes) VALUES (?, ?, ?, ?, ?)'
  )
  const removeValue = database.prepare<[string, string], { size: number }>(
    'DELETE FROM value WHERE run = ? AND hook = ? RETURNING size'
  )
  const oldest = database.prepare<[], { id: number; size: number }>(
    'SELECT id, size FROM value ORDER BY used LIMIT 1'
  )
  const removeById = database.prepare('DELETE FROM value WHERE id = ?')
  const total = database.prepare<[], { bytes: number; clock: number }>(
    'SELECT coalesce(sum(size), 0) AS bytes, coalesce(max(used), 0) AS clock FROM value'
  )
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck()
  let { bytes, clock } = total.get()!
  /** The version of the data that `bytes` is of; null while that is unsure. */
  let counted = dataVersion.get() ?? null

  const put = database.transaction(
    (run: string, hook: string, { shape, layout, slices }: EncodedValue, limit: number) => {
      const found = dataVersion.get()!
      // Another window has written: its values count, too.
      if (found !== counted) bytes = total.get()!.bytes
      counted = null
      bytes -= removeValue.get(run, hook)?.size ?? 0
      const size = slices.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
      const { lastInsertRowid } = insertValue.run(
        run,
        hook,
        slices[0]!.precision,
        JSON.stringify(shape),
        layout === 'by slice' ? 1 : 0,
        size,
        ++clock
      )
      slices.forEach(({ compressed, bytes }, slice) =>
        insertContent.run(lastInsertRowid, slice, compressed ? 1 : 0, crc32(bytes), bytes)
      )
      bytes += size
      // The value just put stays even when it alone is over the limit: somebody is looking at it.
      while (bytes > limit && bytes > size) {
        const victim = oldest.get()!
        removeById.run(victim.id)
        bytes -= victim.size
      }
      counted = found
    }
  )

  return {
    database,
    put,
    bytes: () => bytes,
    has: (run: string, hook: string) => exists.get(run, hook) !== undefined,
    get(run: string, hook: string, index?: number): Tensor | null {
      const row = select.get(run, hook)
      if (row === undefined) return null
      try {
        touch.run(++clock, row.id)
      } catch (error) {
        if (!isRefusal(error)) throw error
      }
      const shape = JSON.parse(row.shape) as number[]
      if (index !== undefined) checkIndex('index', index, shape[0] ?? 0)
      const decoded = (slice: number, shape: readonly number[]) => {
        const content = selectContent.get(row.id, slice)
        if (content === undefined || crc32(content.bytes) !== content.crc32)
          throw new DamagedValue(`a value of ${hook} is not what was written`)
        const { compressed, bytes } = content
        return decodeTensor({
          precision: row.precision,
          shape,
          compressed: compressed === 1,
          bytes
        })
      }
      if (row.by_slice === 0) {
        const whole = decoded(0, shape)
        return index === undefined ? whole : sliceOfFirstAxis(whole, index)
      }
      const [count = 0, ...own] = shape
      if (index !== undefined) return decoded(index, own)
      const data = new Float32Array(elementCount(shape))
      for (let slice = 0; slice < count; slice++)
        data.set(decoded(slice, own).data, slice * elementCount(own))
      return { shape, data }
    }
  }
}

/** A value as it is written. */
interface EncodedValue {
  readonly shape: readonly number[]
  readonly layout: Layout
  readonly slices: readonly EncodedTensor[]
}

function slicesOf({ shape: [count = 0, ...own], data }: KeptTensor): KeptTensor[] {
  const size = elementCount(own)
  return Array.from({ length: count }, (_, slice) => ({
    shape: own,
    data: data.subarray(slice * size, (slice + 1) * size)
  }))
}

function versionOf(database: Database.Database): unknown {
  return database.pragma('user_version', { simple: true })
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

/** The disk does not take what is written. */
function isRefusal(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(FULL|IOERR|READONLY)/.test(error.code)
}

/** A broken page, a file that is none of SQLite's, or a value whose bytes do not fit its shape. */
function isDamage(error: unknown): boolean {
  if (error instanceof LamellaError) return false
  if (!(error instanceof Database.SqliteError)) return error instanceof DamagedValue
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB'
}

function remove(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}
