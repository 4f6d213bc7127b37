import { cancelled, LamellaError, toLamellaError } from '#common/model/errors.ts'
import { createCalls, type Posted, type ProcessState } from '../process/calls.ts'
import type { ProcessHost } from '../process/host.ts'
import { removeExchange } from '../process/remove-exchange.ts'
import { closeFiled, type FiledTensor } from '../files/filed-tensor.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { makeExchangeFolder, sweepExchangeFolders } from './exchange-folder.ts'
import {
  hasRoomTwice,
  type Carry,
  type Crossing,
  type EngineCalls,
  type EngineFeeds,
  type EngineResults,
  type EngineTensor,
  type EngineTensors,
  type LoadedSource,
  type PartSource,
  type WantedOutput
} from './protocol.ts'

/** The engine: parts that run graphs in a process of their own, replaced when it dies or will not stop. */
export interface Engine {
  /**
   * Runs a part, loading it first when the present process has none of that name. Given up, a run is rejected at
   * once and never started if it still waits for others. One that is being computed is left to finish when it
   * is abandoned, and gives its result; when it is cancelled, the process is replaced.
   * @throws LamellaError `engine-failed` when the runtime refuses or the process dies; `file-invalid` when a file of
   *   weights is not the one that was opened; `cancelled`
   */
  run(
    part: string,
    source: () => Promise<PartSource>,
    feeds: EngineFeeds,
    outputs: readonly WantedOutput[],
    signal?: AbortSignal,
    carry?: readonly Carry[]
  ): Promise<EngineTensors>
  /** @param filed outputs whose files are handed over unread where they cross in large ones */
  run(
    part: string,
    source: () => Promise<PartSource>,
    feeds: EngineFeeds,
    outputs: readonly WantedOutput[],
    signal: AbortSignal | undefined,
    carry: readonly Carry[],
    filed: readonly string[]
  ): Promise<EngineResults>
  /** What the weights of all parts together may take, in bytes; one part may always be loaded. */
  setBudget(bytes: number): void
  budget(): number
  /** Drops a part; nothing happens when there is none of that name. */
  release(part: string): Promise<void>
  /** Lets go of what runs left in the engine in these places. */
  forget(places: readonly string[]): Promise<void>
  /** Names of the parts that are loaded. */
  parts(): readonly string[]
  providers(): Promise<EngineCalls['providers']['result']>
  memory(): Promise<number>
  /** Starts the process ahead of the first call; its answer says that it is ready. */
  prepare(): void
  /** Whether there is a process: one that dies again and again is started by the next call alone. */
  isRunning(): boolean
  onState(listener: (state: ProcessState) => void): void
  close(): void
}

interface LoadedPart {
  group: string
  residentBytes: number
  readonly loading: Promise<unknown>
  /** The call that loads it, once that is made. */
  posted: Posted<null> | null
  /** How many calls wait for it to be loaded. */
  waiting: number
  /** How many calls have it loaded and have not yet asked it to run: it gives way to none meanwhile. */
  claims: number
}

/** A process that dies this often in a row without one answer is not started again until it is needed. */
const crashesInARow = 3

/** @param patience how long a cancelled run may still be computed before its process is replaced, in ms */
export function createEngine(host: ProcessHost, patience?: number): Engine {
  /** Parts of the present process, the one used last at the end. */
  const loaded = new Map<string, LoadedPart>()
  /** What large tensors cross through to the present process. */
  let exchange: Exchange | null = null
  let folder: string | null = null
  /** Where runs left values in the present process. */
  const carriedAt = new Set<string>()
  let crashes = 0
  const calls = createCalls<EngineCalls>({
    ...(patience !== undefined && { patience }),
    brief: ['memory', 'providers', 'release', 'forget'],
    spawn() {
      folder = makeExchangeFolder()
      exchange = createExchange(folder)
      return host.spawn(folder ?? '')
    },
    onReplaced() {
      loaded.clear()
      carriedAt.clear()
      if (folder !== null) removeExchange(folder)
      folder = exchange = null
    },
    onUnwanted(result) {
      for (const sent of Object.values(result ?? {}))
        void exchange?.discard(sent as Crossing<EngineTensor>)
    },
    died: reason => engineFailed(`The engine stopped (${reason})`),
    closed: () => engineFailed('The engine is closed')
  })
  void sweepExchangeFolders()
  const sending = inTurn()
  const receiving = inTurn()
  let budget = Infinity

  calls.onState(({ state }) => {
    crashes = state === 'restarting' ? crashes + 1 : 0
    if (state !== 'restarting' || crashes >= crashesInARow) return
    // Where who was told has not.
    prepare()
  })

  function prepare(): void {
    calls.post('memory', null).result.catch(() => undefined)
  }

  /** Waits until a part is loaded; loading it is given up when nobody waits for it any more. */
  async function load(
    name: string,
    source: () => Promise<PartSource>,
    signal?: AbortSignal
  ): Promise<LoadedPart> {
    if (signal?.aborted) throw cancelled()
    const part = loaded.get(name) ?? startLoading(name, source)
    loaded.delete(name)
    loaded.set(name, part)
    part.waiting++
    try {
      await untilGivenUp(part.loading, signal)
      part.claims++
      return part
    } finally {
      part.waiting--
      if (part.waiting === 0 && signal?.aborted) part.posted?.giveUp(signal)
    }
  }

  function startLoading(name: string, source: () => Promise<PartSource>): LoadedPart {
    const loading = source().then(async given => {
      const built = asLoaded(given, budget)
      const { group, residentBytes } = built
      const leaving = inTheWay(name, built)
      Object.assign(part, { group, residentBytes })
      // A process that was replaced meanwhile took the part's name with it.
      if (!loaded.has(name)) loaded.set(name, part)
      await Promise.all(leaving.map(name => release(name)))
      if (part.waiting === 0) throw cancelled()
      part.posted = calls.post('load', { part: name, ...built })
      return part.posted.result
    })
    loading.catch(() => {
      if (loaded.get(name) === part) loaded.delete(name)
    })
    const part: LoadedPart = {
      group: '',
      residentBytes: 0,
      loading,
      posted: null,
      waiting: 0,
      claims: 0
    }
    return part
  }

  /**
   * Parts to drop so that another fits into the budget. Of other models the one unused longest goes first;
   * of the same model the one used last: a run takes its blocks in turn, so that one is wanted again last.
   */
  function inTheWay(part: string, { group, residentBytes }: PartSource): string[] {
    const parts = [...loaded].filter(([name]) => name !== part)
    const free = parts.filter(([, { waiting, claims }]) => waiting === 0 && claims === 0)
    const order = [
      ...free.filter(([, other]) => other.group !== group),
      ...free.filter(([, other]) => other.group === group).toReversed()
    ]
    let excess = residentBytes - budget
    for (const [, other] of parts) excess += other.residentBytes
    const names: string[] = []
    for (const [name, other] of order) {
      if (excess <= 0) break
      names.push(name)
      excess -= other.residentBytes
    }
    return names
  }

  async function release(part: string): Promise<void> {
    if (loaded.delete(part)) await untilAnswered(() => calls.ask('release', { part }))
  }

  /** @returns null when the process was replaced meanwhile, or the part gave way to another */
  async function runLoaded(
    name: string,
    part: LoadedPart,
    feeds: EngineFeeds,
    outputs: readonly WantedOutput[],
    signal: AbortSignal | undefined,
    carry: readonly Carry[],
    filed: readonly string[]
  ): Promise<EngineResults | null> {
    const own = exchange
    const send = async (to: Exchange) =>
      eachOf(feeds, async feed => ('data' in feed ? to.send(feed) : feed))
    const sent = await (own === null ? Promise.resolve(null) : sending(() => send(own))).finally(
      () => part.claims--
    )
    if (own === null || sent === null || exchange !== own) return null
    const isLoaded = loaded.get(name) === part
    if (signal?.aborted || !isLoaded) {
      await eachOf(sent, feed => own.discard(feed))
      if (signal?.aborted) throw cancelled()
      return null
    }
    for (const { place } of carry) carriedAt.add(place)
    const argument = { part: name, feeds: sent, outputs, carry }
    const results = await calls.ask('run', argument, signal)
    try {
      return await receiving(() => received(own, results, filed))
    } catch (error) {
      if (exchange !== own) return null
      throw error
    }
  }

  async function run(
    part: string,
    source: () => Promise<PartSource>,
    feeds: EngineFeeds,
    outputs: readonly WantedOutput[],
    signal?: AbortSignal,
    carry: readonly Carry[] = [],
    filed: readonly string[] = []
  ): Promise<EngineResults> {
    for (;;) {
      const results = await untilAnswered(async () => {
        const present = await load(part, source, signal)
        return runLoaded(part, present, feeds, outputs, signal, carry, filed)
      }, signal)
      if (results !== null) return results
    }
  }

  return {
    // Of none whose file is handed over all are read.
    run: run as Engine['run'],
    setBudget: bytes => (budget = bytes),
    budget: () => budget,
    release,
    async forget(places) {
      const present = places.filter(place => carriedAt.delete(place))
      if (present.length > 0) await untilAnswered(() => calls.ask('forget', { places: present }))
    },
    parts: () => [...loaded.keys()],
    providers: () => untilAnswered(() => calls.ask('providers', null)),
    memory: () => untilAnswered(() => calls.ask('memory', null)),
    prepare,
    isRunning: () => calls.isRunning(),
    onState: listener => calls.onState(listener),
    close: () => calls.close()
  }
}

/** What crossed; where one cannot be had, no file of another stays open. */
async function received(
  exchange: Exchange,
  results: EngineCalls['run']['result'],
  filed: readonly string[]
): Promise<EngineResults> {
  const taken: FiledTensor[] = []
  try {
    return await eachOf(results, async (result, name) => {
      if (!filed.includes(name)) return exchange.receive(result)
      const value = await exchange.takeOver(result)
      if ('file' in value) taken.push(value)
      return value
    })
  } catch (error) {
    taken.forEach(closeFiled)
    throw error
  }
}

/** A part with its weights in half precision cast once, where the budget has room for all of its model so. */
function asLoaded(source: PartSource, budget: number): LoadedSource {
  const { inFloat32 } = source
  const isCast = inFloat32 !== undefined && hasRoomTwice(inFloat32.modelBytes, budget)
  const residentBytes = isCast ? inFloat32.residentBytes : source.residentBytes
  return { ...source, residentBytes, castsAtRun: inFloat32 !== undefined && !isCast }
}

function engineFailed(message: string): LamellaError {
  return new LamellaError('engine-failed', message)
}

/** Asks again whenever somebody else's cancelling has replaced the process under a call. */
async function untilAnswered<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;)
    try {
      return await ask()
    } catch (error) {
      const isOthers = toLamellaError(error).code === 'cancelled' && !signal?.aborted
      if (!isOthers) throw error
    }
}

/** Does works one after the other, in the order they came in. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}

async function eachOf<T, R>(
  values: Readonly<Record<string, T>>,
  change: (value: T, name: string) => Promise<R>
): Promise<Readonly<Record<string, R>>> {
  const entries = Object.entries(values).map(async ([name, value]) => [
    name,
    await change(value, name)
  ])
  return Object.fromEntries(await Promise.all(entries)) as Readonly<Record<string, R>>
}

/** @throws LamellaError `cancelled` as soon as the signal is aborted */
function untilGivenUp<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const leave = () => reject(cancelled())
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
