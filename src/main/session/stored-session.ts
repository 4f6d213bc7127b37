import Database from 'better-sqlite3'
import { checksumOf, startDigest, tables, type Row, type Table } from './format.ts'

/** A session's file in memory, as rows. Nothing is taken for what it is not: each row passes its checksum. */
export interface StoredSession<T extends string = Table> {
  /** Whether every row that was written is there and no other: each may still be damaged. */
  readonly isWhole: boolean
  keys(table: T): readonly string[]
  has(table: T, key: string): boolean
  /** What a row takes in the file, about, in bytes; 0 where there is none. */
  sizeOf(table: T, key: string): number
  /** @returns null where there is none; `'damaged'` where it is not what was written */
  row(table: T, key: string): Row | 'damaged' | null
  close(): void
}

/** More rows than any session: an hour's heads one by one. */
const mostRows = 2 ** 22

/**
 * @param file the whole file, whose first page has been checked
 * @throws Error when it is not a sound database
 */
export function storedSession(file: Buffer): StoredSession
export function storedSession<T extends string>(
  file: Buffer,
  tables: readonly T[]
): StoredSession<T>
export function storedSession(
  file: Buffer,
  own: readonly string[] = tables
): StoredSession<string> {
  const database = new Database(file, { readonly: true })
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    return rowsOf(database, file.byteLength, own)
  } catch (error) {
    database.close()
    throw error
  }
}

interface Found {
  readonly id: number
  readonly size: number
}

function rowsOf(
  database: Database.Database,
  fileBytes: number,
  tables: readonly string[]
): StoredSession<string> {
  const found = new Map<string, Map<string, Found>>()
  const digest = startDigest()
  for (const table of tables) {
    const own = new Map<string, Found>()
    found.set(table, own)
    // Lengths are known without the values: none is read that is longer than the file.
    const lengths = database.prepare<[], Found>(
      `SELECT rowid AS id, octet_length(key) + octet_length(about) + octet_length(bytes) AS size
       FROM ${table} NOT INDEXED`
    )
    const told = database.prepare<[number], { key: unknown; checksum: unknown }>(
      `SELECT key, checksum FROM ${table} WHERE rowid = ?`
    )
    const ids: Found[] = []
    let total = 0
    for (const each of lengths.iterate()) {
      total += each.size
      if (total > fileBytes || ids.length > mostRows) throw new Error(`${table}: too large`)
      ids.push(each)
    }
    for (const each of ids) {
      const row = told.get(each.id)
      if (row === undefined || typeof row.key !== 'string' || !(row.checksum instanceof Uint8Array))
        throw new Error(`${table}: a row is no row`)
      own.set(row.key, each)
      if (table !== 'meta') digest.add(table, row.key, row.checksum)
    }
  }
  const wanted = new Map(
    tables.map(table => [
      table,
      database.prepare<[number], Record<'key' | 'about' | 'bytes' | 'checksum', unknown>>(
        `SELECT key, about, bytes, checksum FROM ${table} WHERE rowid = ?`
      )
    ])
  )

  function row(table: string, key: string): Row | 'damaged' | null {
    const place = found.get(table)!.get(key)
    if (place === undefined) return null
    try {
      const { key: own, about, bytes, checksum } = wanted.get(table)!.get(place.id)!
      if (own !== key || typeof about !== 'string' || !(bytes instanceof Uint8Array))
        return 'damaged'
      const whole: Row = { key, about, bytes }
      const isWhole = checksum instanceof Uint8Array && checksumOf(table, whole).equals(checksum)
      return isWhole ? whole : 'damaged'
    } catch {
      return 'damaged'
    }
  }

  const sum = digest.end()
  const manifest = row('meta', 'rows')
  return {
    isWhole: manifest !== null && manifest !== 'damaged' && manifest.about === JSON.stringify(sum),
    keys: table => [...found.get(table)!.keys()],
    has: (table, key) => found.get(table)!.has(key),
    sizeOf: (table, key) => found.get(table)!.get(key)?.size ?? 0,
    row,
    close: () => void database.close()
  }
}
