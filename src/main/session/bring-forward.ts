import type { EarlierFormat, SessionRows } from './earlier-formats.ts'
import { formatVersion, tables, type Row, type Table } from './format.ts'
import type { StoredSession } from './stored-session.ts'

/**
 * A session of an earlier version as one of the present: step by step, in memory. What is damaged of it is left behind, and the
 * whole is no longer whole.
 * @throws Error where a step is missing, or a row is not what that version wrote
 */
export function broughtForward(
  stored: StoredSession<string>,
  version: number,
  earlier: readonly EarlierFormat[]
): StoredSession {
  let rows: SessionRows | null = null
  let isWhole = stored.isWhole
  for (let at = version; at < formatVersion; at++) {
    const format = earlier.find(each => each.version === at)
    if (format === undefined) throw new Error(`there is no step from version ${at}`)
    if (rows === null) {
      const read = format.tables.map(table => [table, soundRows(stored, table)] as const)
      isWhole &&= read.every(([table, own]) => own.length === stored.keys(table).length)
      rows = new Map(read)
    }
    rows = format.next(rows)
  }
  stored.close()
  return held(rows ?? new Map<string, readonly Row[]>(), isWhole)
}

function soundRows(stored: StoredSession<string>, table: string): Row[] {
  return stored.keys(table).flatMap(key => {
    const row = stored.row(table, key)
    return row === null || row === 'damaged' ? [] : [row]
  })
}

function held(rows: SessionRows, isWhole: boolean): StoredSession {
  const found = new Map(
    tables.map(table => [table, new Map((rows.get(table) ?? []).map(row => [row.key, row]))])
  )
  const row = (table: Table, key: string) => found.get(table)!.get(key) ?? null
  return {
    isWhole,
    keys: table => [...found.get(table)!.keys()],
    has: (table, key) => row(table, key) !== null,
    sizeOf(table, key) {
      const own = row(table, key)
      return own === null ? 0 : own.key.length + own.about.length + own.bytes.byteLength
    },
    row,
    close: () => undefined
  }
}
