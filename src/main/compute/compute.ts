import type { Needs, Report, Side, Taken, Window } from '#common/analysis/analysis.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import { createBacklog } from '../threads/backlog.ts'
import { movable } from '../threads/movable.ts'
import { startThread, type Thread } from '../threads/thread.ts'
import type { ComputeCalls, KeptState } from './protocol.ts'

/** Analyses at once; the engine needs the cores, too. Further ones wait. */
const mostWorkers = 2

/** Work that a worker may be behind with, in bytes: who sends more waits. */
const mostBehind = 64 * 2 ** 20

const inCompute = { name: 'Lamella compute', does: 'computes it' }

/** An analysis under way in a worker thread. */
export interface Computation {
  begin(window: Window): void
  /**
   * Hands something over; an array that fills its buffer leaves for good.
   * @returns a promise that waits while the worker is far behind
   */
  take(taken: Taken, side?: Side): Promise<void>
  /** Waits for all that was handed over. @throws LamellaError what the analysis threw, or why its thread stopped */
  settled(): Promise<void>
  /** What else it needs of the window, after all that was handed over. */
  more(): Promise<Needs | null>
  /** What it holds after all that was handed over so far. */
  state(note: string): Promise<KeptState>
  /** @param report is told how far it is, where that takes long */
  result(report?: Report): Promise<Dataset>
  /** Gives the worker back; one that still works is ended. */
  end(): void
}

/** Worker threads for analyses, so that no heavy work runs on the thread that answers the window. */
export interface Compute {
  /**
   * Starts an analysis, once there is a worker for it; the bytes of a state leave for good. One that works when `signal` is
   * aborted works no longer.
   * @param waits is called where it has to wait
   * @throws LamellaError what the analysis throws at its state or params; what `signal` is aborted with
   */
  start(
    analysis: ComputeCalls['start']['argument'],
    signal: AbortSignal,
    waits?: () => void
  ): Promise<Computation>
  /** Starts a worker ahead of the first analysis. */
  prepare(): void
  close(): void
}

/** @param entry the module that a worker thread runs */
export function createCompute(entry: string): Compute {
  const threads = new Set<Thread<ComputeCalls>>()
  const idle: Thread<ComputeCalls>[] = []
  const waiting: (() => void)[] = []
  let busy = 0
  let closed = false

  /** Waits until a thread may be used. */
  async function place(signal: AbortSignal, waits?: () => void): Promise<void> {
    signal.throwIfAborted()
    while (busy >= mostWorkers && !closed) {
      waits?.()
      await new Promise<void>((resolve, reject) => {
        const abort = () => reject(signal.reason as Error)
        signal.addEventListener('abort', abort, { once: true })
        waiting.push(() => {
          signal.removeEventListener('abort', abort)
          resolve()
        })
      })
    }
    signal.throwIfAborted()
    if (closed) throw whenClosed()
    busy++
  }

  function free(thread: Thread<ComputeCalls>): void {
    busy--
    if (thread.isIdle() && !closed) idle.push(thread)
    else {
      threads.delete(thread)
      thread.stop()
    }
    for (const next of waiting.splice(0)) next()
  }

  function startWorker(): Thread<ComputeCalls> {
    const thread = startThread<ComputeCalls>(entry, inCompute)
    threads.add(thread)
    return thread
  }

  return {
    async start(analysis, signal, waits) {
      if (closed) throw whenClosed()
      await place(signal, waits)
      const usable = idle.splice(0).filter(thread => !thread.hasStopped())
      const thread = usable.pop() ?? startWorker()
      idle.push(...usable)
      try {
        const { state } = analysis
        await thread.ask('start', analysis, state === null ? [] : movable(state.bytes))
      } catch (error) {
        free(thread)
        throw error
      }
      // What it still computes is wanted no more; its owner ends it.
      const giveUp = () => {
        if (!thread.isIdle()) thread.stop()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      return computationIn(thread, analysis.name, () => {
        signal.removeEventListener('abort', giveUp)
        free(thread)
      })
    },
    prepare() {
      if (threads.size === 0 && !closed) idle.push(startWorker())
    },
    close() {
      closed = true
      for (const thread of threads) thread.stop()
      for (const next of waiting.splice(0)) next()
    }
  }
}

function whenClosed(): LamellaError {
  return new LamellaError('cancelled', 'The workbench is closed')
}

function computationIn(thread: Thread<ComputeCalls>, name: string, free: () => void): Computation {
  let failure: LamellaError | null = null
  const backlog = createBacklog(mostBehind)
  let last = Promise.resolve()
  let ended = false

  /** Replies come in order: the last one says that all before it are done. */
  function send<C extends 'begin' | 'take'>(
    call: C,
    argument: ComputeCalls[C]['argument'],
    bytes: number,
    moved: readonly ArrayBuffer[] = []
  ): void {
    last = thread
      .ask(call, argument, moved)
      .then(() => undefined)
      .catch((error: LamellaError) => void (failure ??= error))
    backlog.add(bytes, last)
  }

  async function settled(): Promise<void> {
    await last
    if (failure !== null) throw named(failure, name)
  }

  return {
    begin: window => send('begin', window, 0),
    async take(taken, side = 0) {
      const arrays = arraysOf(taken)
      const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
      send('take', { taken, side }, bytes, arrays.flatMap(movable))
      await backlog.room()
      if (failure !== null) await settled()
    },
    settled,
    async more() {
      await settled()
      return thread.ask('more', null)
    },
    // Asked for in its turn: windows that begin later are not in it.
    state: note => thread.ask('state', { note }),
    async result(report) {
      await settled()
      return thread.ask('result', null, [], report)
    },
    end() {
      if (ended) return
      ended = true
      free()
    }
  }
}

function arraysOf(taken: Taken): readonly ArrayBufferView[] {
  switch (taken.kind) {
    case 'tensor':
    case 'part':
      return [taken.bytes]
    case 'gradient':
      return [taken.value, taken.data]
    case 'target':
      return []
    default:
      return [taken.data]
  }
}

function named(error: LamellaError, name: string): LamellaError {
  return new LamellaError(error.code, `${name}: ${error.message}`, error.hint)
}
