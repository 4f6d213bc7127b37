import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Row } from '../../../src/main/session/format.ts'

/** All rows of a session's file by table; JSON is read, for its members may stand in another order. */
export function rowsOf(path: string): Record<string, unknown[]> {
  const database = new Database(readFileSync(path))
  const tables = database
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all()
  const rows = tables.map(({ name }) => [
    name,
    database
      .prepare<[], Row>(`SELECT key, about, bytes FROM ${name} ORDER BY about, key`)
      .all()
      .map(row => readRow(name, row))
  ])
  database.close()
  return Object.fromEntries(rows) as Record<string, unknown[]>
}

/** Under which key a model and a result lie is the file's own affair: what they are of stands in them. */
function readRow(table: string, { key, about, bytes }: Row): unknown {
  const isNumbers = ['trace_values', 'results'].includes(table)
  const content: unknown = isNumbers
    ? Buffer.from(bytes).toString('base64')
    : JSON.parse(Buffer.from(bytes).toString() || 'null')
  const isNamed = !['models', 'results'].includes(table)
  return { ...(isNamed && { key }), about: JSON.parse(about) as unknown, content }
}
