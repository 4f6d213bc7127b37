import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Tensor } from '#common/model/tensor.ts'
import { decodeTensor, encodeTensor, type EncodedTensor, type KeptTensor } from './encoding.ts'

/**
 * What runs computed, kept between starts: a bounded SQLite file from which the least recently used values
 * go first. It is disposable: a damaged file is replaced by an empty one.
 */
export interface TraceCache {
  get(run: string, hook: string): Tensor | null
  has(run: string, hook: string): boolean
  put(run: string, hook: string, value: KeptTensor): void
  /** Bytes of the values kept. */
  readonly bytes: number
  close(): void
}

const version = 2

const schema = `
  CREATE TABLE value (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    hook TEXT NOT NULL,
    precision TEXT NOT NULL,
    shape TEXT NOT NULL,
    compressed INTEGER NOT NULL,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    UNIQUE (run, hook)
  );
  CREATE INDEX value_used ON value (used);
  -- Apart from value, so that marking one as used does not rewrite its bytes.
  CREATE TABLE content (id INTEGER PRIMARY KEY REFERENCES value ON DELETE CASCADE, bytes BLOB NOT NULL);
  PRAGMA user_version = ${version};
`

interface Row {
  id: number
  precision: EncodedTensor['precision']
  shape: string
  compressed: number
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
    get: (run, hook) => withTables(() => tables.get(run, hook)),
    has: (run, hook) => withTables(() => tables.has(run, hook)),
    put: (run, hook, value) => {
      const encoded = encodeTensor(value)
      withTables(() => tables.put(run, hook, encoded, limitBytes))
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
  } catch {
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
  const found = database.pragma('user_version', { simple: true })
  if (found === 0) database.exec(schema)
  else if (found !== version) throw new Error(`trace cache of version ${String(found)}`)

  const select = database.prepare<[string, string], Row>(
    `SELECT id, precision, shape, compressed, bytes FROM value JOIN content USING (id)
     WHERE run = ? AND hook = ?`
  )
  const exists = database.prepare('SELECT 1 FROM value WHERE run = ? AND hook = ?')
  const touch = database.prepare('UPDATE value SET used = ? WHERE id = ?')
  const insertValue = database.prepare(
    `INSERT INTO value (run, hook, precision, shape, compressed, size, used)
     VALUES (?, ?, ?, ?, ?, ?, ?)`
  )
  const insertContent = database.prepare('INSERT INTO content (id, bytes) VALUES (?, ?)')
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
    (run: string, hook: string, value: EncodedTensor, limit: number) => {
      const found = dataVersion.get()!
      // Another window has written: its values count, too.
      if (found !== counted) bytes = total.get()!.bytes
      counted = null
      bytes -= removeValue.get(run, hook)?.size ?? 0
      const size = value.bytes.byteLength
      const { lastInsertRowid } = insertValue.run(
        run,
        hook,
        value.precision,
        JSON.stringify(value.shape),
        value.compressed ? 1 : 0,
        size,
        ++clock
      )
      insertContent.run(lastInsertRowid, value.bytes)
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
    get(run: string, hook: string): Tensor | null {
      const row = select.get(run, hook)
      if (row === undefined) return null
      touch.run(++clock, row.id)
      return decodeTensor({
        precision: row.precision,
        shape: JSON.parse(row.shape) as number[],
        compressed: row.compressed === 1,
        bytes: row.bytes
      })
    }
  }
}

/** A broken page, a file that is none of SQLite's, or a value whose bytes do not fit its shape. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return error instanceof Error
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB'
}

function remove(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}
