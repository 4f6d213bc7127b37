/**
 * What keys and values that are kept save a model of GPT-2 small's shape that goes on with a text, as a ratio: the same
 * tokens come of a run of the whole text each. Both take turns in parts of a text that gets longer, so that both
 * meet the same machine; a part begins with a run of all before it.
 *
 *     npm run bench:generate -- [--model FOLDER] [--after 256] [--tokens 64] [--parts 4]
 */
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { context, inFolder, modelFolder } from './bench-folder.ts'
import { startBenchWorkbench } from './bench-workbench.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    after: { type: 'string', default: '256' },
    tokens: { type: 'string', default: '64' },
    parts: { type: 'string', default: '4' }
  }
})
const after = Number(values.after)
const tokens = Number(values.tokens)
const parts = Number(values.parts)
await inFolder(bench)

async function bench(folder: string): Promise<void> {
  const path = await modelFolder(folder, values.model)
  const workbench = await startBenchWorkbench(join(folder, 'data'))
  const { handlers } = workbench
  const { fingerprint, config } = await handlers['models.open']({ path }, context)
  const name =
    values.model === undefined ? 'GPT-2 small’s shape, random weights' : basename(values.model)

  /** Goes on with a text by so many tokens. @returns ms it took, and the tokens */
  async function goOn(ids: readonly number[], max: number, cache: boolean) {
    const model = { path, fingerprint }
    const source = { model, input: { ids: [...ids] }, edits: [], provider: 'cpu' as const }
    const start = performance.now()
    const asked = { source, max, sampling: null, top: 0, stop: false, cache }
    const { continuation } = await handlers['runs.generate'](asked, context)
    const time = performance.now() - start
    return { time, ids: continuation.map(({ token }) => token.id) }
  }

  print(`${name}, ${tokens} tokens after ${after}, cpu`)
  let ids = Array.from({ length: after }, (_, i) => (i * 7919 + 104729) % config!.dVocab)
  for (const cache of [true, false]) await goOn(ids, 2, cache)
  const totals = { kept: 0, whole: 0, first: 0 }
  print(
    `\n${'tokens'.padEnd(24)}${'kept'.padStart(10)}${'run whole'.padStart(10)}${'ratio'.padStart(10)}`
  )
  for (let part = 0; part < parts; part++) {
    const max = Math.ceil(tokens / parts)
    const first = await goOn(ids, 1, true)
    const kept = await goOn(ids, max, true)
    const whole = await goOn(ids, max, false)
    if (kept.ids.join() !== whole.ids.join()) throw new Error('they are followed by other tokens')
    totals.first += first.time
    totals.kept += kept.time
    totals.whole += whole.time
    print(row(`${ids.length}–${ids.length + max}`, kept.time, whole.time))
    ids = [...ids, ...whole.ids]
  }
  print(row('all', totals.kept, totals.whole))
  print(row('the first of each part', totals.first, totals.first))
  print(row('all others', totals.kept - totals.first, totals.whole - totals.first))
  await workbench.close()
}

function row(name: string, kept: number, whole: number): string {
  const seconds = (time: number) => `${(time / 1000).toFixed(2)} s`.padStart(10)
  return `${name.padEnd(24)}${seconds(kept)}${seconds(whole)}${(whole / kept).toFixed(1).padStart(10)}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
