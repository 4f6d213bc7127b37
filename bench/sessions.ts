/**
 * How soon a session of many runs is saved, opened and gives a head: runs of texts of the sample model, with all patterns and
 * whatever else the cache has of them.
 *
 *     npm run bench:sessions -- [--runs 200] [--letters 64]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SessionContent } from '#common/model/session.ts'
import { startBenchWorkbench } from './bench-workbench.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    letters: { type: 'string', default: '64' }
  }
})
const model = join(import.meta.dirname, '../resources/samples/shakespeare-char')
const folder = mkdtempSync(join(tmpdir(), 'lamella-bench-sessions-'))
const path = join(folder, 'runs.lamella')
const context = {
  client: 'bench',
  signal: new AbortController().signal,
  progress: () => undefined
}
try {
  await bench()
} finally {
  rmSync(folder, { recursive: true })
}

async function bench(): Promise<void> {
  const workbench = await startBenchWorkbench(join(folder, 'data'))
  const { handlers } = workbench
  const { fingerprint, name } = await handlers['models.open']({ path: model }, context)
  const sources = Array.from({ length: Number(values.runs) }, (_, run) => ({
    model: { path: model, fingerprint },
    input: { text: textOf(run, Number(values.letters)) },
    edits: [],
    provider: 'cpu' as const
  }))
  const ids: string[] = []
  for (const source of sources) ids.push((await handlers['runs.start']({ source }, context)).id)
  const content: SessionContent = {
    window: null,
    runs: sources.map((source, at) => ({ source, modelName: name, at })),
    ...{ library: [], notes: [], findings: [], figures: [] }
  }
  const wish = { runs: sources, results: [], corpora: [] }
  const saved = await timed(`saved ${ids.length} runs with all that was computed`, () =>
    handlers['sessions.save'](
      { id: null, path, content, keep: 'everything', wish, replace: false, elsewhere: false },
      context
    )
  )
  console.log(`${''.padStart(10)}  ${(saved.saved.bytes / 2 ** 20).toFixed(1)} MB`)
  await handlers['sessions.close']({ id: saved.id }, context)
  for (let time = 0; time < 3; time++) {
    const { id } = await timed('opened', () => handlers['sessions.open']({ path }, context))
    // Of the model itself it would be computed, or be in the cache.
    const of = sources.at(-1)!.model.fingerprint
    await handlers['models.open']({ path: model, of, as: 'aside' }, context)
    const { id: runId } = await handlers['runs.start']({ source: sources.at(-1)! }, context)
    const asked = { runId, hook: 'blocks.1.attn.hook_pattern', index: 0, exact: false }
    await timed('gave a head of it', () => handlers['runs.value'](asked, context))
    await handlers['sessions.close']({ id }, context)
  }
  await workbench.close()
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await work()
  console.log(`${(performance.now() - start).toFixed(1).padStart(7)} ms  ${what}`)
  return result
}

/** Letters that the sample knows, others for each run. */
function textOf(run: number, letters: number): string {
  return Array.from({ length: letters }, (_, i) =>
    String.fromCharCode(97 + ((run * 31 + i * (7 + (run % 5))) % 26))
  ).join('')
}
