import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { Run, RunEstimate } from '#common/contract/schemas.ts'
import { forgetAfterBreak } from './after-break.ts'
import { askRun } from './ask-run.ts'
import { useClient } from './client.ts'
import { useMemorySettings } from './memory-settings.ts'
import { runSubject } from './analyses.ts'
import { useRuns } from './runs.ts'
import { useStatus } from './status.ts'
import { useTasks } from './tasks.ts'

/** Blocks that run because someone asked for them. */
export interface BlocksUnderWay {
  readonly runId: string
  /** The last of them. */
  readonly layer: number
  readonly task: number
}

/**
 * Runs of models larger than the memory budget: their blocks are read from disk, so that only those run that
 * were asked for. Of each such run the first block is asked for by itself.
 */
export const useStreaming = defineStore('streaming', () => {
  const runs = useRuns()
  const tasks = useTasks()
  const memory = useMemorySettings()
  const status = useStatus()
  const estimates = new Map<string, RunEstimate>()
  const reached = ref<Readonly<Record<string, number>>>({})
  const underWay = shallowRef<BlocksUnderWay | null>(null)
  const failure = shallowRef<{ runId: string; error: LamellaError } | null>(null)
  forgetAfterBreak(failure)
  let controller: AbortController | null = null

  /** Whether a view may ask for values of a block without a word from the user. */
  function mayAsk(run: Run, layer: number): boolean {
    return run.complete || layer <= (reached.value[run.id] ?? 0)
  }

  /** What a run of so many tokens takes; measured once, by running one block. */
  async function estimate(
    modelId: string,
    tokens: number,
    signal: AbortSignal
  ): Promise<RunEstimate> {
    const key = [modelId, tokens, status.choice, memory.budget].join(' ')
    const known = estimates.get(key)
    if (known) return known
    const params = { modelId, tokens, provider: status.choice }
    const measured = await useClient().call('runs.estimate', params, { signal })
    estimates.set(key, measured)
    return measured
  }

  /** Runs every block of a run that has not run yet. */
  function runAll(run: Run, layers: number): Promise<void> {
    return advance(run, layers - 1, async options => {
      const finished = await askRun(
        run,
        runId => useClient().call('runs.complete', { runId }, options),
        options
      )
      runs.update(finished)
    })
  }

  /** Runs the blocks of a run up to one. */
  function runUpTo(run: Run, layer: number): Promise<void> {
    return advance(run, layer, async options => {
      const asked = {
        name: 'patterns',
        params: { layer, size: 1, exact: false },
        of: runSubject(run)
      }
      await useClient().call('analysis.run', asked, options)
      reached.value = { ...reached.value, [run.id]: layer }
    })
  }

  type Work = Parameters<typeof tasks.track<void>>[1]
  async function advance(run: Run, layer: number, work: Work): Promise<void> {
    controller?.abort()
    const own = (controller = new AbortController())
    failure.value = null
    const label = layer === 0 ? 'Running block 0' : `Running the blocks up to ${layer}`
    try {
      await tasks.track(
        label,
        (options, task) => {
          underWay.value = { runId: run.id, layer, task }
          return work(options, task)
        },
        own.signal
      )
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code !== 'cancelled' && controller === own) failure.value = { runId: run.id, error }
    } finally {
      if (controller === own) {
        controller = null
        underWay.value = null
      }
    }
  }

  return {
    underWay,
    failure,
    mayAsk,
    estimate,
    runAll,
    runUpTo
  }
})
