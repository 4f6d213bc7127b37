import { crc32 } from 'node:zlib'
import Database from 'better-sqlite3'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount, sliceOfFirstAxis, type Tensor } from '#common/model/tensor.ts'
import {
  DamagedValue,
  decodeTensor,
  encodeTensor,
  precisionOf,
  type EncodedTensor,
  type KeptTensor
} from './encoding.ts'
import { inSlices, laidOut, type Layout, type SlicedTensor } from './sliced-tensor.ts'

/** Values in one SQLite file, of which the least recently used go first. What it throws, `faultOf` classifies. */
export interface TraceStore {
  /**
   * @param index of the first axis: of a value kept by slice, that one alone is read and decoded
   * @throws LamellaError `invalid-argument` when the axis has no such index
   */
  get(run: string, hook: string, index?: number): Tensor | null
  has(run: string, hook: string): boolean
  /** The hooks of a run whose values are kept, and what each takes. */
  hooks(run: string): readonly KeptHook[]
  put(run: string, hook: string, value: KeptTensor | SlicedTensor, layout: Layout): void
  /** Removes all values, and gives the disk back what they took. */
  clear(): void
  /** Bytes of the values kept. */
  readonly bytes: number
  close(): void
}

/** A hook whose value is kept, and what that takes, in bytes. */
export interface KeptHook {
  readonly hook: string
  readonly bytes: number
}

const version = 4

const schema = `
  CREATE TABLE value (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    hook TEXT NOT NULL,
    precision TEXT NOT NULL,
    shape TEXT NOT NULL,
    by_slice INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
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
    -- Of what is said of the value, too: a damaged index leads to the bytes of another.
    crc32 INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (id, slice)
  );
  PRAGMA user_version = ${version};
`

/** What is said of a value. */
interface Told {
  readonly precision: EncodedTensor['precision']
  /** As JSON. */
  readonly shape: string
  readonly by_slice: number
}

interface ValueRow extends Told {
  readonly id: number
  readonly crc32: number
}

interface ContentRow {
  readonly compressed: number
  readonly crc32: number
  readonly bytes: Uint8Array
}

/** What all values kept come to, in bytes, by a version of the data. */
interface Counted {
  readonly bytes: number
  readonly version: number
}

interface Use {
  readonly run: string
  readonly hook: string
  readonly at: number
}

/** For so long one program waits for another that writes, in ms. */
const patience = 10_000

/** Values used since that was last written. */
const mostUses = 1000

/**
 * Opens a file, which is made where it is missing.
 * @param file `:memory:` for none
 * @throws Error of a file that is damaged or of another version, and what the system does not allow
 */
export function openTraceStore(file: string, limitBytes: number): TraceStore {
  const database = new Database(file, { timeout: patience })
  try {
    return storeIn(database, limitBytes)
  } catch (error) {
    database.close()
    throw error
  }
}

function storeIn(database: Database.Database, limitBytes: number): TraceStore {
  prepare(database)
  const select = database.prepare<[string, string], ValueRow>(
    'SELECT id, precision, shape, by_slice, crc32 FROM value WHERE run = ? AND hook = ?'
  )
  const selectContent = database.prepare<[number, number], ContentRow>(
    'SELECT compressed, crc32, bytes FROM content WHERE id = ? AND slice = ?'
  )
  const exists = database.prepare('SELECT 1 FROM value WHERE run = ? AND hook = ?')
  const ofRun = database.prepare<[string], KeptHook>(
    'SELECT hook, size AS bytes FROM value WHERE run = ?'
  )
  const touch = database.prepare('UPDATE value SET used = ? WHERE run = ? AND hook = ?')
  const insertValue = database.prepare(
    `INSERT INTO value (run, hook, precision, shape, by_slice, crc32, size, used)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const setSize = database.prepare('UPDATE value SET size = ? WHERE id = ?')
  const insertContent = database.prepare(
    'INSERT INTO content (id, slice, compressed, crc32, bytes) VALUES (?, ?, ?, ?, ?)'
  )
  const removeValue = database.prepare<[string, string], { size: number }>(
    'DELETE FROM value WHERE run = ? AND hook = ? RETURNING size'
  )
  const oldestBut = database.prepare<[number | bigint], { id: number; size: number }>(
    'SELECT id, size FROM value WHERE id <> ? ORDER BY used LIMIT 1'
  )
  const removeById = database.prepare('DELETE FROM value WHERE id = ?')
  const sumOfSizes = database
    .prepare<[], number>('SELECT coalesce(sum(size), 0) FROM value')
    .pluck()
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck()
  let counted: Counted = { bytes: total(), version: dataVersion.get()! }
  const uses = new Map<string, Use>()
  let clock = 0

  function total(): number {
    const sum = sumOfSizes.get()!
    if (!Number.isSafeInteger(sum) || sum < 0) throw new DamagedValue(`${sum} bytes of values`)
    return sum
  }

  /** Times of uses, later than all before; programs that share the file agree on them as far as clocks do. */
  function now(): number {
    clock = Math.max(clock + 1, Date.now())
    return clock
  }

  function writeUses(): void {
    for (const { run, hook, at } of uses.values()) touch.run(at, run, hook)
  }

  /** Writes which values were used, in a transaction of its own. */
  function flush(): void {
    database.transaction(writeUses).immediate()
    uses.clear()
  }

  /** What was read is had, whatever becomes of when it was used. */
  function flushIfPossible(): void {
    try {
      flush()
    } catch {
      uses.clear()
    }
  }

  /** What it leaves known is so once the transaction has ended well. */
  const put = database.transaction(
    (run: string, hook: string, value: SlicedTensor, layout: Layout): Counted => {
      const version = dataVersion.get()!
      // Another program has written: its values count, too.
      let bytes = version === counted.version ? counted.bytes : total()
      writeUses()
      bytes -= removeValue.get(run, hook)?.size ?? 0
      const first = value.slice(0)
      const told: Told = {
        precision: precisionOf(first),
        shape: JSON.stringify(value.shape),
        by_slice: layout === 'by slice' ? 1 : 0
      }
      const { lastInsertRowid } = insertValue.run(
        run,
        hook,
        told.precision,
        told.shape,
        told.by_slice,
        checksum(run, hook, told),
        0,
        now()
      )
      let size = 0
      for (let slice = 0; slice < laidOut(value.shape, layout).count; slice++) {
        const { compressed, bytes } = encodeTensor(slice === 0 ? first : value.slice(slice))
        const isSmall = compressed ? 1 : 0
        const sum = crc32(bytes, checksum(run, hook, told, slice, isSmall))
        insertContent.run(lastInsertRowid, slice, isSmall, sum, bytes)
        size += bytes.byteLength
      }
      setSize.run(size, lastInsertRowid)
      bytes += size
      while (bytes > limitBytes) {
        // The value just put stays even when it alone is over the limit: somebody is looking at it.
        const victim = oldestBut.get(lastInsertRowid)
        if (victim === undefined) break
        removeById.run(victim.id)
        bytes -= victim.size
      }
      return { bytes, version }
    }
  )

  const removeAll = database.transaction((): Counted => {
    const version = dataVersion.get()!
    // Before the values, whose removal would look for theirs one by one.
    database.exec('DELETE FROM content; DELETE FROM value')
    return { bytes: 0, version }
  })

  const read = database.transaction((run: string, hook: string, index?: number): Tensor | null => {
    const row = select.get(run, hook)
    if (row === undefined) return null
    if (checksum(run, hook, row) !== row.crc32) throw damaged(hook)
    const shape = JSON.parse(row.shape) as number[]
    if (index !== undefined) checkIndex('index', index, shape[0] ?? 0)
    const decoded = (slice: number, shape: readonly number[]) => {
      const content = selectContent.get(row.id, slice)
      if (content === undefined) throw damaged(hook)
      const { compressed, bytes } = content
      const sum = crc32(bytes, checksum(run, hook, row, slice, compressed))
      if (sum !== content.crc32) throw damaged(hook)
      return decodeTensor({ precision: row.precision, shape, compressed: compressed === 1, bytes })
    }
    if (row.by_slice === 0) {
      const whole = decoded(0, shape)
      return index === undefined ? whole : sliceOfFirstAxis(whole, index)
    }
    const [count = 0, ...own] = shape
    if (index !== undefined) return decoded(index, own)
    const size = elementCount(own)
    const data = new Float32Array(elementCount(shape))
    for (let slice = 0; slice < count; slice++) data.set(decoded(slice, own).data, slice * size)
    return { shape, data }
  })

  return {
    // In a transaction: what others write meanwhile is not mixed in.
    get(run, hook, index) {
      const value = read.deferred(run, hook, index)
      if (value !== null) uses.set(JSON.stringify([run, hook]), { run, hook, at: now() })
      if (uses.size > mostUses) flushIfPossible()
      return value
    },
    has: (run, hook) => exists.get(run, hook) !== undefined,
    hooks: run => ofRun.all(run),
    put(run, hook, value, layout) {
      if (laidOut(value.shape, layout).count === 0) return
      const slices = 'data' in value ? inSlices(value, layout) : value
      counted = put.immediate(run, hook, slices, layout)
      uses.clear()
    },
    clear() {
      counted = removeAll.immediate()
      uses.clear()
      database.exec('VACUUM')
      database.pragma('wal_checkpoint(TRUNCATE)')
    },
    get bytes() {
      return counted.bytes
    },
    close() {
      try {
        flush()
      } finally {
        database.close()
      }
    }
  }
}

function prepare(database: Database.Database): void {
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
}

function versionOf(database: Database.Database): unknown {
  return database.pragma('user_version', { simple: true })
}

/** Of whose a value is and how it is to be read; of a slice with its number and whether it is compressed. */
function checksum(
  run: string,
  hook: string,
  { precision, shape, by_slice }: Told,
  ...slice: readonly number[]
): number {
  return crc32(JSON.stringify([run, hook, precision, shape, by_slice, ...slice]))
}

function damaged(hook: string): DamagedValue {
  return new DamagedValue(`a value of ${hook} is not what was written`)
}
