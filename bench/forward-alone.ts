import { createEngine } from '../src/main/engine/client.ts'
import type { ProcessHost } from '../src/main/process/host.ts'
import type { Tensor } from '../src/common/model/tensor.ts'
import type { TraceCache } from '../src/main/trace/cache.ts'
import { feeds } from '../src/main/workbench/run/feeds.ts'
import { createForward, type BlockForward } from '../src/main/workbench/run/forward.ts'
import type { RunnableModel } from '../src/main/workbench/model/model.ts'
import { unembeddingPart } from '../src/main/workbench/run/parts.ts'
import { tokensOfIds } from '../src/main/workbench/model/tokenize.ts'
import { runRecord, type RunRecord } from '../src/main/workbench/run/run-record.ts'
import { openedModel } from './opened-model.ts'

/** Forward runs with nothing around them: what other work is measured by. */
export interface ForwardAlone {
  readonly model: RunnableModel
  readonly forward: BlockForward
  record(ids: readonly number[]): Promise<RunRecord<RunnableModel>>
  /** The unembedding's product with rows of the last residual and nothing else: its logits stay in the engine. */
  product(rows: Tensor): Promise<void>
  close(): void
}

/** A model with an engine of its own, of whose runs nothing is kept but the last residual. */
export async function forwardAlone(path: string, host: ProcessHost): Promise<ForwardAlone> {
  const engine = createEngine(host)
  const model = (await openedModel(path)) as RunnableModel
  return {
    model,
    forward: createForward(engine, nothingKept(), 0),
    async record(ids) {
      const source = { input: { ids: [...ids] }, edits: [], provider: 'cpu' as const }
      return runRecord(model, source, await tokensOfIds(model, [...ids]))
    },
    async product(rows) {
      const { name, source } = unembeddingPart(model, 'cpu')
      const left = { place: 'product', name: 'logits', output: 'logits' }
      await engine.run(name, source, feeds({ hook_resid_post: rows }), [], undefined, [left])
    },
    close() {
      model.reader.close()
      engine.close()
    }
  }
}

function nothingKept(): TraceCache {
  return {
    get: () => Promise.resolve(null),
    first: () => Promise.resolve(null),
    missing: (_run, hooks) => Promise.resolve(hooks),
    hooks: () => Promise.resolve([]),
    put: () => Promise.resolve(),
    keep: (_run, _hook, { shape, data }) =>
      Promise.resolve({ shape, data: new Float32Array(data) }),
    bytes: 0,
    look: () => Promise.resolve(),
    clear: () => Promise.resolve(),
    close: () => Promise.resolve()
  }
}
