import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import type { Params } from '#common/contract/api.ts'
import { AnalysisRequest } from '#common/contract/session.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import { cancelled, toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { afterBreak } from './after-break.ts'
import { notesOfSession } from './looked-at.ts'
import { useModels } from './models.ts'
import { useTasks, type Task } from './tasks.ts'

/** Something that is computed of a model or of a run, and how it is asked for. */
export interface Asked<T> {
  readonly name: string
  /** Plain JSON. */
  readonly params: Readonly<Record<string, unknown>>
  /** Id of the run, or of the model where it is of its weights alone. */
  readonly of: string
  /** The model is open as long as the result is kept. */
  readonly modelId: string
  /** What is being done. */
  readonly label: string
  /** What the workbench is asked, of an analysis: a session may keep what it came to. */
  readonly request?: Params<'analysis.run'>
  load(options: Required<CallOptions>): Promise<T>
  /** Of what it comes to. */
  bytes(value: T): number
}

/** How a request stands. */
export type ResultState<T> =
  | { readonly kind: 'working'; readonly task: number }
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: LamellaError }

interface Work {
  readonly promise: Promise<unknown>
  readonly controller: AbortController
  /** Those that still wait for it. */
  askers: number
}

/** A result in memory, beside what it came to. */
interface Kept {
  readonly bytes: number
  readonly modelId: string
  readonly request: AnalysisRequest | null
}

const bytesKept = 256 * 2 ** 20

/**
 * What was computed, by analysis, params and run. Equal requests at once share their work, which is given up when
 * nobody waits for it any more; the latest results stay in memory.
 */
export const useResults = defineStore('results', () => {
  const models = useModels()
  const tasks = useTasks()
  const states = shallowReactive(new Map<string, ResultState<unknown>>())
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Work>()
  let bytes = 0

  /** @throws LamellaError `cancelled` when it is cancelled, or when `signal` is aborted */
  async function ask<T>(asked: Asked<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw cancelled()
    const key = keyOf(asked)
    const note = notesOfSession()
    const known = states.get(key)
    if (known?.kind === 'done') {
      touch(key, note)
      return known.value as T
    }
    const work = underWay.get(key) ?? begin(key, asked)
    work.askers++
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        if (--work.askers === 0) work.controller.abort()
        reject(cancelled())
      }
      signal?.addEventListener('abort', leave, { once: true })
      void work.promise
        .then(value => {
          touch(key, note)
          resolve(value as T)
        }, reject)
        .finally(() => signal?.removeEventListener('abort', leave))
    })
  }

  function begin<T>(key: string, asked: Asked<T>): Work {
    const controller = new AbortController()
    const compute = async () => {
      try {
        const value = await tasks.track(
          asked.label,
          (options, task) => {
            states.set(key, { kind: 'working', task })
            options.signal.addEventListener('abort', forgo)
            return asked.load(options)
          },
          controller.signal
        )
        if (underWay.get(key) === work) keep(key, asked, value)
        return value
      } catch (thrown) {
        const error = toLamellaError(thrown)
        if (underWay.get(key) === work) {
          if (error.code === 'cancelled') states.delete(key)
          else states.set(key, { kind: 'failed', error })
        }
        throw error
      } finally {
        if (underWay.get(key) === work) underWay.delete(key)
      }
    }
    const work: Work = { controller, askers: 0, promise: Promise.resolve().then(compute) }
    underWay.set(key, work)
    // Given up work is not waited for: who asks anew begins anew.
    const forgo = () => {
      if (underWay.get(key) !== work) return
      underWay.delete(key)
      states.delete(key)
    }
    controller.signal.addEventListener('abort', forgo)
    return work
  }

  /** How a request stands; null where nobody has made it. */
  function stateOf<T>(asked: Asked<T>): ResultState<T> | null {
    return (states.get(keyOf(asked)) as ResultState<T> | undefined) ?? null
  }

  /** The work on a request that is under way; else null. */
  function workOf<T>(asked: Asked<T> | null): Task | null {
    const state = asked && stateOf(asked)
    return state?.kind === 'working' ? tasks.taskOf(state.task) : null
  }

  function keep<T>(key: string, asked: Asked<T>, value: T): void {
    const request = asked.request ? AnalysisRequest.parse(asked.request) : null
    const own = { bytes: asked.bytes(value), modelId: asked.modelId, request }
    states.set(key, { kind: 'done', value })
    kept.set(key, own)
    bytes += own.bytes
    for (const oldest of kept.keys()) {
      if (bytes <= bytesKept || oldest === key) break
      forget(oldest)
    }
  }

  /** Makes a result the latest, also of those that were looked at in the session that it was asked for in. */
  function touch(key: string, note: (request: AnalysisRequest) => void): void {
    const own = kept.get(key)
    if (own === undefined) return
    kept.delete(key)
    kept.set(key, own)
    if (own.request) note(own.request)
  }

  function forget(key: string): void {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
    states.delete(key)
  }

  afterBreak(() => {
    for (const [key, state] of states)
      if (state.kind === 'failed' && state.error.code === 'disconnected') states.delete(key)
  })

  // What is of a closed model goes with it.
  watch(
    () => models.open,
    open => {
      for (const [key, { modelId }] of kept) if (!open.some(({ id }) => id === modelId)) forget(key)
    }
  )

  return { ask, stateOf, workOf }
})

function keyOf({ name, params, of }: Pick<Asked<unknown>, 'name' | 'params' | 'of'>): string {
  return JSON.stringify([name, params, of])
}
