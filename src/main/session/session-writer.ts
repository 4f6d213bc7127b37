import Database from 'better-sqlite3'
import {
  applicationId,
  checksumOf,
  createTable,
  formatVersion,
  pageBytes,
  startDigest,
  tables,
  type Row,
  type Table
} from './format.ts'

/** A session's file in the making. Rows come in the order of their tables. */
export interface SessionWriter {
  /** A row that is there already stays as it is. */
  put(table: Table, row: Row): void
  /** Ends it; nothing of it is on the disk for sure until the file is synced. */
  finish(): void
  /** Gives it up: the file is the caller's to remove. */
  abandon(): void
}

/**
 * @param file an empty one, which takes another's place only when it is whole: no journal is needed beside it
 * @throws what SQLite throws, such as `SQLITE_FULL`
 */
export function createSessionWriter(file: string): SessionWriter {
  const database = new Database(file)
  const digests = new Map<Table, { key: string; checksum: Buffer }[]>(
    tables.map(table => [table, []])
  )
  try {
    database.pragma(`page_size = ${pageBytes}`)
    database.pragma('journal_mode = MEMORY')
    database.pragma('synchronous = FULL')
    database.pragma(`application_id = ${applicationId}`)
    database.pragma(`user_version = ${formatVersion}`)
    database.exec('BEGIN')
    for (const table of tables) database.exec(createTable(table))
  } catch (error) {
    database.close()
    throw error
  }
  const inserts = new Map(
    tables.map(table => [
      table,
      database.prepare(
        `INSERT OR IGNORE INTO ${table} (key, about, bytes, checksum) VALUES (?, ?, ?, ?)`
      )
    ])
  )

  function put(table: Table, row: Row): void {
    const checksum = checksumOf(table, row)
    const { changes } = inserts.get(table)!.run(row.key, row.about, row.bytes, checksum)
    if (changes > 0) digests.get(table)!.push({ key: row.key, checksum })
  }

  return {
    put,
    finish() {
      const digest = startDigest()
      for (const [table, rows] of digests)
        if (table !== 'meta') for (const { key, checksum } of rows) digest.add(table, key, checksum)
      put('meta', { key: 'rows', about: JSON.stringify(digest.end()), bytes: new Uint8Array() })
      database.exec('COMMIT')
      database.close()
    },
    abandon: () => void database.close()
  }
}
