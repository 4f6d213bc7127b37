import { totalmem } from 'node:os'
import { z } from 'zod'
import type { Handlers } from '#common/contract/rpc.ts'
import type { Provider } from '#common/model/provider.ts'
import { blockRoles, type Role } from '../../architecture/roles.ts'
import type { Engine } from '../../engine/client.ts'
import { hasRoomTwice } from '../../engine/protocol.ts'
import { partOfBlock, runBlockAlone } from './block-trial.ts'
import { isOnnx, type Runnable } from './runnable.ts'
import { chunksOf, type Chunk } from './chunks.ts'
import type { RunnableModel } from '../model/model.ts'
import { stored } from '../stored.ts'
import { mayStayHalf, roleBytes, weightBytes } from './weight-bytes.ts'

/** How much memory models may take, and what follows for one of them. */
export interface MemoryBudget {
  readonly handlers: Pick<Handlers, 'settings.get' | 'settings.set'>
  /**
   * Whether all blocks of a model stay loaded; else they are streamed from disk, run after run. An ONNX graph
   * runs as a whole.
   */
  holds(model: Runnable, provider: Provider): boolean
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

/** An estimate times blocks until that took so many seconds, or so many of them are timed. */
const longEnough = 2
const mostTimed = 4

/** Buffers of [head, query, key] that a block holds at once. */
const matricesAtOnce = 3

/**
 * @param file where settings are kept
 * @param onDamage is told when that is damaged
 */
export async function createMemoryBudget(
  engine: Engine,
  file: string,
  onDamage: (message: string) => void
): Promise<MemoryBudget> {
  const kept = stored(file, Settings, { memoryBudgetBytes: null }, onDamage)
  let bytes = 0
  /** Blocks that estimates have timed so far. */
  let timed = 0

  async function apply(): Promise<{ memoryBudgetBytes: number | null }> {
    const settings = await kept.read()
    bytes = settings.memoryBudgetBytes ?? defaultBytes
    engine.setBudget(bytes)
    return settings
  }
  await apply()

  /**
   * Seconds that a block takes to load and run, the mean of some in turn: one alone tells little. Others than
   * those of the last time, which the system may still have in memory.
   */
  async function secondsOfOne(
    model: RunnableModel,
    provider: Provider,
    tokens: number,
    signal: AbortSignal
  ): Promise<number> {
    const { length } = model.spec.blocks
    let seconds = 0
    let count = 0
    while (count < Math.min(length, mostTimed) && seconds < longEnough) {
      const layer = ((length >> 1) + timed++) % length
      await engine.release(partOfBlock(engine, model, provider, layer).name)
      const start = performance.now()
      await runBlockAlone(engine, model, provider, layer, tokens, signal)
      seconds += (performance.now() - start) / 1000
      count++
    }
    return seconds / count
  }

  /** Whether weights in half precision are loaded so; the engine decides alike. */
  function staysHalf(model: RunnableModel, provider: Provider): boolean {
    return mayStayHalf(provider) && !hasRoomTwice(weightBytes(model, false), bytes)
  }

  return {
    handlers: {
      'settings.get': async () => ({ ...(await apply()), defaultBytes, totalBytes: totalmem() }),
      async 'settings.set'({ memoryBudgetBytes }) {
        await kept.write({ memoryBudgetBytes })
        return { ...(await apply()), defaultBytes, totalBytes: totalmem() }
      }
    },

    holds: (model, provider) =>
      isOnnx(model) || weightBytes(model, staysHalf(model, provider)) <= bytes,

    async estimate(model, provider, tokens, signal) {
      if (isOnnx(model)) {
        const { nHeads } = model.onnx.widths
        const weights = model.info.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
        const memoryBytes = weights + matricesAtOnce * 4 * nHeads * tokens ** 2
        return { streamed: false, memoryBytes, seconds: null }
      }
      const { nHeads, blocks } = model.spec
      const isHalf = staysHalf(model, provider)
      const resident = weightBytes(model, isHalf)
      const streamed = resident > bytes
      const matrices = matricesAtOnce * 4 * nHeads * tokens ** 2
      const part = largestPart(model, isHalf, chunksOf(model, provider, bytes))
      // Of a streamed model whole blocks stay, and one always may.
      const staying = Math.max(1, Math.floor(bytes / part.resident))
      const kept = streamed ? staying * part.resident : resident
      const memoryBytes = kept + part.loading + matrices
      if (!streamed) return { streamed, memoryBytes, seconds: null }
      const perBlock = await secondsOfOne(model, provider, tokens, signal)
      return { streamed, memoryBytes, seconds: perBlock * blocks.length }
    }
  }
}

/** The largest of the parts that blocks are loaded by, in bytes: once loaded, and what loading it takes besides. */
function largestPart(
  model: RunnableModel,
  staysHalf: boolean,
  chunks: readonly Chunk[]
): { resident: number; loading: number } {
  const { spec, checkpoint } = model
  const parts = chunks.map(({ from, to }) =>
    spec.blocks.slice(from, to).flatMap(block => blockRoles(block, spec))
  )
  const largest = (bytes: (role: Role) => number) =>
    Math.max(...parts.map(roles => total(roles, bytes)))
  return {
    resident: largest(role => roleBytes(model, role, staysHalf)),
    // As the file has them: once as they are read, once in the runtime's hands.
    loading: largest(({ tensor }) => 2 * (checkpoint.tensors.get(tensor)?.byteLength ?? 0))
  }
}

function total(roles: readonly Role[], bytes: (role: Role) => number): number {
  return roles.reduce((sum, role) => sum + bytes(role), 0)
}
