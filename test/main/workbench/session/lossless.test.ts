import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Row } from '../../../../src/main/session/format.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { projectRoot, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

const golden = join(projectRoot, 'test/main/session/golden/full-1.lamella')
const folder = mkdtempSync(join(tmpdir(), 'lamella-lossless-'))

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** All rows of a session's file by table; JSON is read, for its members may stand in another order. */
function rowsOf(path: string): Record<string, unknown[]> {
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

it('a session that is opened, looked at and saved as another is the same, row by row', async () => {
  const { handlers } = workbench
  const [path, other] = [join(folder, 'full.lamella'), join(folder, 'other.lamella')]
  cpSync(golden, path)
  const { id, content, models, saved } = await handlers['sessions.open']({ path }, uncancelled())

  // Whatever the window shows of it is asked for.
  await handlers['models.open']({ path: models[0]!.ref.path }, uncancelled())
  const kept = await handlers['sessions.kept']({ id }, uncancelled())
  for (const { source, values } of kept.runs) {
    const run = await handlers['runs.start']({ source }, uncancelled())
    for (const { hook } of values) {
      const asked = { runId: run.id, hook, index: 0, exact: false }
      await handlers['runs.value'](asked, uncancelled())
    }
  }
  for (const { request } of kept.results) await handlers['analysis.run'](request, uncancelled())

  const wish = {
    runs: kept.runs.map(({ source }) => source),
    results: kept.results.map(({ request }) => request)
  }
  const asked = { id, path: other, content, keep: saved.keep, wish }
  const { notes } = await handlers['sessions.save'](
    { ...asked, replace: false, elsewhere: false },
    uncancelled()
  )
  expect(notes).toEqual([])
  await handlers['sessions.close']({ id }, uncancelled())
  expect(readFileSync(path).equals(readFileSync(golden))).toBe(true)

  const again = await handlers['sessions.open']({ path: other }, uncancelled())
  expect(again.content).toEqual(content)
  expect(await handlers['sessions.kept']({ id: again.id }, uncancelled())).toEqual(kept)
  await handlers['sessions.close']({ id: again.id }, uncancelled())

  // When it was written and on which machine is its own.
  const { meta: _, provenance: __, ...before } = rowsOf(path)
  const { meta: ___, provenance: ____, ...after } = rowsOf(other)
  expect(Object.keys(before)).toEqual(['content', 'models', 'runs', 'trace_values', 'results'])
  for (const [table, rows] of Object.entries(before)) {
    expect(rows.length, table).toBeGreaterThan(0)
    expect(after[table], table).toEqual(rows)
  }
})
