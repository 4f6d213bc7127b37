import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { projectRoot, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { rowsOf } from '../../session/session-rows.ts'

const golden = join(projectRoot, 'test/main/session/golden/full-1.lamella')
const folder = mkdtempSync(join(tmpdir(), 'lamella-lossless-'))

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

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
    results: kept.results.map(({ request }) => request),
    corpora: []
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

  const [before, after] = [rowsOf(path), rowsOf(other)]
  // When it was written and on which machine is its own.
  for (const table of ['content', 'models', 'runs', 'trace_values', 'results']) {
    expect(before[table]!.length, table).toBeGreaterThan(0)
    expect(after[table], table).toEqual(before[table])
  }
  expect(Object.keys(after)).toEqual(Object.keys(before))
})
