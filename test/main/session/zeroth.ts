import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { EarlierFormat } from '../../../src/main/session/earlier-formats.ts'
import {
  applicationId,
  checksumOf,
  createTable,
  pageBytes,
  type Row,
  startDigest
} from '../../../src/main/session/format.ts'
import { writeExample } from './example.ts'

/** A version that never was: notes were called remarks, and nothing was said of what made the numbers. */
export const zeroth: EarlierFormat = {
  version: 0,
  tables: ['meta', 'content', 'models', 'runs', 'trace_values', 'results'],
  next(rows) {
    const content = rows
      .get('content')!
      .map(row => (row.key === 'remarks' ? { ...row, key: 'notes' } : row))
    return new Map([...rows, ['content', content], ['provenance', []]])
  }
}

/** A session of that version: the example's rows. */
export async function writeZeroth(path: string): Promise<Buffer> {
  await writeExample(path)
  const from = new Database(readFileSync(path))
  writeFileSync(path, '')
  const to = new Database(path)
  to.pragma(`page_size = ${pageBytes}`)
  to.pragma(`application_id = ${applicationId}`)
  const digest = startDigest()
  to.exec('BEGIN')
  for (const table of zeroth.tables) to.exec(createTable(table))
  const put = (table: string, row: Row) => {
    const checksum = checksumOf(table, row)
    to.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`).run(
      row.key,
      row.about,
      row.bytes,
      checksum
    )
    if (table !== 'meta') digest.add(table, row.key, checksum)
  }
  for (const table of zeroth.tables)
    for (const row of from.prepare<[], Row>(`SELECT key, about, bytes FROM ${table}`).all())
      if (row.key !== 'rows') put(table, row.key === 'notes' ? { ...row, key: 'remarks' } : row)
  put('meta', { key: 'rows', about: JSON.stringify(digest.end()), bytes: new Uint8Array() })
  to.exec('COMMIT')
  to.close()
  from.close()
  return readFileSync(path)
}
