import { totalmem } from 'node:os'
import { z } from 'zod'
import type { Handlers } from '#common/contract/rpc.ts'
import type { Provider } from '#common/contract/schemas.ts'
import { elementCount } from '#common/model/tensor.ts'
import { rolesOf } from '../architecture/roles.ts'
import type { Engine } from '../engine/client.ts'
import { runFirstBlock } from './block-trial.ts'
import { isOnnx, type Runnable } from './runnable.ts'
import { blockSession, type RunnableModel } from './sessions.ts'
import { stored } from './stored.ts'

/** How much memory models may take, and what follows for one of them. */
export interface MemoryBudget {
  readonly handlers: Pick<Handlers, 'settings.get' | 'settings.set'>
  /**
   * Whether all blocks of a model stay loaded; else they are streamed from disk, run after run. An ONNX graph
   * runs as a whole.
   */
  holds(model: Runnable): boolean
  /** Memory in bytes and, of a model that is streamed, seconds of a run of all blocks. */
  estimate(
    model: Runnable,
    provider: Provider,
    tokens: number,
    signal: AbortSignal
  ): Promise<{ streamed: boolean; memoryBytes: number; seconds: number | null }>
}

const Settings = z.object({ memoryBudgetBytes: z.number().positive().nullable() })

/** Half of the machine's memory: the rest is for the system, the window and what a run computes. */
const defaultBytes = totalmem() / 2

/** Buffers of [head, query, key] that a block holds at once. */
const matricesAtOnce = 3

export async function createMemoryBudget(engine: Engine, file: string): Promise<MemoryBudget> {
  const kept = stored(file, Settings, { memoryBudgetBytes: null })
  let bytes = 0

  async function apply(): Promise<{ memoryBudgetBytes: number | null }> {
    const settings = await kept.read()
    bytes = settings.memoryBudgetBytes ?? defaultBytes
    engine.setBudget(bytes)
    return settings
  }
  await apply()

  return {
    handlers: {
      'settings.get': async () => ({ ...(await apply()), defaultBytes, totalBytes: totalmem() }),
      async 'settings.set'({ memoryBudgetBytes }) {
        await kept.write({ memoryBudgetBytes })
        return { ...(await apply()), defaultBytes, totalBytes: totalmem() }
      }
    },

    holds: model => isOnnx(model) || residentBytes(model) <= bytes,

    async estimate(model, provider, tokens, signal) {
      if (isOnnx(model)) {
        const { nHeads } = model.onnx.widths
        const weights = model.info.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
        const memoryBytes = weights + matricesAtOnce * 4 * nHeads * tokens ** 2
        return { streamed: false, memoryBytes, seconds: null }
      }
      const { nHeads, blocks } = model.spec
      const resident = residentBytes(model)
      const streamed = resident > bytes
      const matrices = matricesAtOnce * 4 * nHeads * tokens ** 2
      const memoryBytes = Math.min(resident, bytes) + matrices
      if (!streamed) return { streamed, memoryBytes, seconds: null }
      await engine.release(blockSession(model, provider, 0).name)
      const start = performance.now()
      await runFirstBlock(engine, model, provider, tokens, signal)
      const seconds = ((performance.now() - start) / 1000) * blocks.length
      return { streamed, memoryBytes, seconds }
    }
  }
}

/** What all weights of a model take once loaded: float32, but for the rows looked up in the embedding. */
function residentBytes({ spec }: RunnableModel): number {
  const shapes = new Map(
    rolesOf(spec)
      .filter(({ category }) => category !== 'embedding' && category !== 'position')
      .map(({ tensor, shape }) => [tensor, shape])
  )
  return [...shapes.values()].reduce((sum, shape) => sum + 4 * elementCount(shape), 0)
}
