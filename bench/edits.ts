/**
 * What edited runs and gradients cost on a model of GPT-2 small's shape, in forward runs: the ablation of every head, one
 * after the other, and the gradient of a logit by all embeddings. What is compared takes turns, so that both meet
 * the same machine.
 *
 *     npm run bench:edits -- [--tokens 64] [--rounds 3]
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Edit } from '#common/model/edit.ts'
import { idToken } from '#common/model/token.ts'
import { createEngine } from '../src/main/engine/client.ts'
import { forkEngine } from '../src/main/engine/host.ts'
import { openTraceCache } from '../src/main/trace/cache.ts'
import { createForward } from '../src/main/workbench/run/forward.ts'
import { createGradients } from '../src/main/workbench/run/gradients.ts'
import type { RunnableModel } from '../src/main/workbench/model/model.ts'
import { runRecord, type RunRecord } from '../src/main/workbench/run/run-record.ts'
import { context, inFolder, modelFolder } from './bench-folder.ts'
import { meanOf, print, range, timeOf } from './measured.ts'
import { openedModel } from './opened-model.ts'

const traceEntry = join(import.meta.dirname, '../src/main/trace/worker.ts')
const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' }
  }
})
const tokens = Number(values.tokens)
const rounds = Number(values.rounds)
let texts = 0
await inFolder(bench)

async function bench(folder: string): Promise<void> {
  const model = (await openedModel(await modelFolder(folder))) as RunnableModel
  const engine = createEngine(
    forkEngine(join(import.meta.dirname, '../src/main/engine/process.ts'))
  )
  const cache = openTraceCache({ entry: traceEntry, folder, limitBytes: 2 ** 32 })
  const forward = createForward(engine, cache, 0)
  const gradients = createGradients(engine, forward)
  const { nHeads, blocks } = model.spec
  const heads = blocks.flatMap((_, layer) =>
    Array.from({ length: nHeads }, (_, head) => ({ layer, head }))
  )

  const run = () => forward.run(record(model, nextIds(model)), context)
  const sweep = async (ids: readonly number[]) => {
    for (const { layer, head } of heads) {
      const hook = `blocks.${layer}.attn.hook_z`
      const edit: Edit = { hook, at: { head: [head] }, scale: 0, add: null }
      await forward.run(record(model, ids, [edit]), context)
    }
  }
  const gradient = (ids: readonly number[]) => {
    const target = { kind: 'logit', position: tokens - 1, token: 7 } as const
    return gradients.of(record(model, ids), target, [], context)
  }

  // Everything is loaded once, as it is after the first use.
  await run()
  await sweep(nextIds(model))
  await gradient(nextIds(model))
  const ablations: number[] = []
  const unknown: number[] = []
  const known: number[] = []
  for (let round = 0; round < rounds; round++) {
    const ids = nextIds(model)
    await forward.run(record(model, ids), context)
    const before = await meanOf(12, run)
    const swept = await timeOf(() => sweep(ids))
    const after = await meanOf(12, run)
    ablations.push(swept / heads.length / ((before + after) / 2))
    for (let i = 0; i < 4; i++) {
      const plain = await meanOf(3, run)
      const fresh = nextIds(model)
      unknown.push((await timeOf(() => gradient(fresh))) / plain)
      known.push((await timeOf(() => gradient(fresh))) / plain)
    }
  }
  model.reader.close()
  engine.close()
  await cache.close()
  print(
    `GPT-2 small's shape, random weights, ${tokens} tokens, cpu; in forward runs of as many tokens`
  )
  print(
    `ablating a head, mean of all ${heads.length}      ${range(ablations)}   (at most 0.6 is aimed at)`
  )
  print(
    `gradient by all embeddings         ${range(unknown)}   (at most 3.5), the forward run in it`
  )
  print(`the same of a text that has run    ${range(known)}`)
}

function record(
  model: RunnableModel,
  ids: readonly number[],
  edits: readonly Edit[] = []
): RunRecord {
  const source = { input: { ids: [...ids] }, edits: [...edits], provider: 'cpu' as const }
  return runRecord(model, source, ids.map(idToken))
}

/** Other tokens than any before, so that nothing of them is cached. */
function nextIds({ spec }: RunnableModel): number[] {
  const seed = ++texts
  return Array.from({ length: tokens }, (_, i) => (i * 7919 + seed * 104729) % spec.dVocab)
}
