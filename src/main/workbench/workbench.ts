import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventName, EventPayload } from '#common/contract/api.ts'
import type { ApiSource } from '#common/contract/rpc.ts'
import type { PathWish } from '#common/contract/path-wish.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { createCompute } from '../compute/compute.ts'
import { createEngine } from '../engine/client.ts'
import { createFigureFiles } from '../figure/figure-files.ts'
import type { ProcessHost } from '../process/host.ts'
import { createReaders } from '../reader/client.ts'
import type { ReaderLimits } from '../reader/protocol.ts'
import { openTraceCache } from '../trace/cache.ts'
import { createClients } from './clients.ts'
import { createAnalyses } from './analysis/analyses.ts'
import { createOfValues } from './analysis/of-values.ts'
import { createWindowRuns } from './analysis/window-runs.ts'
import { dataFiles, dataFolders, openDataFolder } from './data-folder.ts'
import { createDescribe } from './describe/describe.ts'
import { createFileHashes } from './model/file-hashes.ts'
import { createHashModel } from './model/hash-model.ts'
import { createTensorSlices } from './model/tensor-slice.ts'
import { createDescriptions } from './model/descriptions.ts'
import { listDirectory } from './directory.ts'
import { createDirectEffects } from './run/direct-effects.ts'
import { createForward } from './run/forward.ts'
import { cacheFolder, cachedModels } from './model/huggingface-cache.ts'
import { createMemoryBudget } from './run/memory-budget.ts'
import { createOpenModels } from './model/open-models.ts'
import { createOnnxForward } from './run/onnx-forward.ts'
import { createProviderChoice } from './run/provider.ts'
import { createGenerate } from './run/generate.ts'
import { createGrowingRun } from './run/growing-run.ts'
import { createGradients } from './run/gradients.ts'
import { directOfEither, forwardOfEither, gradientsOfEither } from './run/runnable.ts'
import { createRuns } from './run/runs.ts'
import type { RunValues } from './run/run-values.ts'
import { createSources } from './run/sources.ts'
import { createHeadVis } from './headvis.ts'
import { createKeptData } from './kept-data.ts'
import { createLibrary } from './library.ts'
import { createAbsences } from './session/absences.ts'
import { createCorpora } from './session/kept-texts.ts'
import { createLookedAt, noting } from './session/looked-at.ts'
import { standingIn } from './session/stand-ins.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import { createStatus } from './status.ts'
import { createWindowStates } from './window-states.ts'

export interface WorkbenchOptions {
  /** Where the trace cache, the recent models and the window's arrangement are kept. */
  readonly dataFolder: string
  /** Where values and results are kept that can be computed again; with the others when left out. */
  readonly computedFolder?: string
  /** Where the sample models lie. */
  readonly resourcesFolder: string
  readonly engine: ProcessHost
  /** Starts what reads strangers' files, one process a model. */
  readonly reader: ProcessHost
  /** The usual ones when left out. */
  readonly readerLimits?: ReaderLimits
  /** The module that a thread of analyses runs. */
  readonly computeEntry: string
  /** The module that the thread of the trace cache runs. */
  readonly traceEntry: string
  /** The module that the thread of kept results runs. */
  readonly keptEntry: string
  /** The module that a thread that hashes a file runs. */
  readonly hashEntry: string
  /** The module that the thread of a session runs. */
  readonly sessionEntry: string
  /** The module that a thread that draws a figure runs. */
  readonly figureEntry: string
  /** The module that a thread that reads or writes a HeadVis folder runs. */
  readonly headVisEntry: string
  readonly shell: 'desktop' | 'serve' | 'cli'
  readonly version: string
  /** How long a window may be without a connection before what it has open is closed, in ms. */
  readonly reconnectTime?: number
  /** The system's own dialog, where there is one. */
  readonly choosePath?: (wish: PathWish) => Promise<string | null>
}

/** The workbench: everything behind the API. */
export interface Workbench extends ApiSource {
  /**
   * Starts what every window asks for first, ahead of it: a reader, the engine, a thread of analyses.
   * @param firstStart whether the sample is opened and run, too, where no window has been yet: the first one shows it
   */
  prepare(firstStart: boolean): void
  close(): Promise<void>
}

/** Who tells of each event. */
type Tellers = {
  readonly [E in EventName]: (listener: (payload: EventPayload<E>) => void) => () => void
}

const cacheLimitBytes = 4 * 2 ** 30

/** The sample that a first start opens. */
const firstSample = 'shakespeare-char'

/** Tokens of a text whose patterns are all extracted at once. */
const shortText = 256

export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { dataFolder, resourcesFolder, keptEntry, shell, version, choosePath } = options
  const { computedFolder = dataFolder } = options
  const data = await openDataFolder(dataFolder)
  const samplesFolder = join(resourcesFolder, 'samples')
  const library = createLibrary(join(dataFolder, dataFiles.library), data.damaged)
  const engine = createEngine(options.engine)
  const cache = openTraceCache({
    entry: options.traceEntry,
    folder: computedFolder,
    limitBytes: cacheLimitBytes,
    onState: ({ refusal }) => {
      if (refusal !== null) data.refused(refusal)
      status.cacheChanged()
    }
  })
  const status = createStatus(engine, cache, data)
  const kept = createKeptData(data, cache)
  const descriptionsFolder = join(dataFolder, dataFolders.descriptions)
  const descriptions = createDescriptions(descriptionsFolder)
  const readers = createReaders(options.reader, options.readerLimits)
  const clients = createClients(options.reconnectTime)
  const windowStates = createWindowStates(
    join(dataFolder, dataFolders.windows),
    join(dataFolder, dataFiles.workspace),
    clients,
    data.damaged
  )
  const models = createOpenModels(
    engine,
    () => readers.start(),
    {
      recent: join(dataFolder, dataFiles.recent),
      adapted: join(dataFolder, dataFiles.adapted),
      descriptions: descriptionsFolder
    },
    clients,
    data.damaged
  )
  const hashes = createFileHashes(options.hashEntry, join(dataFolder, dataFiles.hashes))
  const hashModel = createHashModel(models, hashes)
  const computing = (values: RunValues, patternsUpTo = 0) => {
    const blocks = createForward(engine, values, patternsUpTo)
    const forward = forwardOfEither(blocks, createOnnxForward(engine, values, patternsUpTo))
    const gradients = gradientsOfEither(createGradients(engine, blocks))
    return {
      blocks,
      forward,
      gradients,
      direct: directOfEither(createDirectEffects(engine, blocks))
    }
  }
  const lasting = computing(cache, shortText)
  const { blocks, forward, gradients } = lasting
  const describe = createDescribe(models, forward, descriptions, engine)
  const budget = await createMemoryBudget(
    engine,
    join(dataFolder, dataFiles.settings),
    data.damaged
  )
  const providers = createProviderChoice(engine)
  const sources = createSources(providers)
  const generate = createGenerate(
    sources,
    cache,
    values => computing(values).forward,
    ({ spec }) => createGrowingRun(engine, blocks, spec)
  )
  const runs = createRuns(models, sources, forward, gradients, generate, providers, budget, status)
  const compute = createCompute(options.computeEntry)
  const figures = createFigureFiles(options.figureEntry)
  const windows = createWindowRuns(cache, lasting, computing)
  const corpora = createCorpora(library, client => sessions.kept(client))
  const analyses = createAnalyses({
    models,
    sources,
    runs: windows,
    compute,
    keptEntry,
    keptFolder: join(computedFolder, dataFolders.analyses),
    read: context => corpora.read(context),
    status,
    data
  })
  const headVis = createHeadVis({
    ...{ models, dataFolder, version },
    analyse: analyses.handlers['analysis.run'],
    entry: options.headVisEntry
  })

  const ofValues = createOfValues(compute)
  const lookedAt = createLookedAt()
  const absences = createAbsences(clients)
  const slices = createTensorSlices(models)
  const files = { ...hashModel.handlers, ...slices.handlers }
  const computed = { ...models.handlers, ...files, ...runs.handlers }
  const all = { ...computed, ...analyses.handlers, ...describe.handlers }
  const noted = noting(all, lookedAt)
  const given = {
    ...noted,
    ...standingIn(noted, { models, hashes, absences, ofValues }, client => sessions.kept(client))
  }
  const sessions: Sessions = createSessions({
    ...{ models, hashes, runs, forward, cache, lookedAt, absences, ofValues, clients, version },
    // What a file keeps of a model that is here is not taken on into another file.
    analyse: all['analysis.run'],
    computed: all,
    reading: analyses.reading,
    entry: options.sessionEntry,
    recentFile: join(dataFolder, dataFiles.sessions),
    samplesFolder,
    damaged: data.damaged
  })

  const tellers: Tellers = {
    status: listener => status.subscribe(listener),
    library: listener => library.subscribe(listener)
  }

  /** As a window does at a first start. */
  async function runFirstSample(): Promise<void> {
    if ((await windowStates.last()) !== null) return
    const [sample] = await samples(samplesFolder)
    if (sample === undefined) return
    const { path, fingerprint, sampleText } = (await models.openAhead(sample.path)).info
    if (sampleText === null) return
    const source = { input: { text: sampleText }, edits: [], provider: 'auto' as const }
    await runs.handlers['runs.start'](
      { source: { model: { path, fingerprint }, ...source } },
      { signal: new AbortController().signal, progress: () => undefined, client: 'first start' }
    )
  }

  /** Threads that read a session may take long to end, and who ends the workbench waits for a while only: it does not wait for them. */
  async function closeKept(): Promise<void> {
    await analyses.close()
    await cache.close()
    await windowStates.close()
    await library.close()
  }

  return {
    handlers: {
      'app.info': async () => ({ version, shell, samples: await samples(samplesFolder) }),
      'workspace.load': ({ page }, { client }) => windowStates.load(page, client),
      'workspace.save': async ({ state, page }, { client }) => {
        try {
          await windowStates.save(state, page, client)
        } catch (error) {
          // A window saves it by itself: nobody waits for the answer.
          data.refused(toLamellaError(error).message)
          throw error
        }
        return null
      },
      ...library.handlers,
      ...corpora.handlers,
      'files.list': ({ path }, { signal }) => listDirectory(path, samplesFolder, signal),
      'files.choose': ({ what }) => choosePath?.({ what }) ?? Promise.resolve(null),
      'models.cached': (_params, { signal }) => cachedModels(cacheFolder(), signal),
      ...given,
      ...sessions.handlers,
      ...headVis.handlers,
      'sessions.choose': ({ save, suggested }) =>
        choosePath?.(save ? { what: 'save', suggested } : { what: 'session' }) ??
        Promise.resolve(null),
      ...budget.handlers,
      ...kept.handlers,
      'figure.file': (request, { signal }) => figures.file(request, signal),
      'report.file': (request, { signal }) => figures.report(request, signal),
      ...status.handlers
    },
    connected: client => clients.connected(client),
    on: (event, listener) => tellers[event](listener),
    prepare(firstStart) {
      readers.prepare()
      compute.prepare()
      engine.prepare()
      status.changed()
      // The window that asks for it is told what is wrong with it.
      if (firstStart) void runFirstSample().catch(() => undefined)
    },
    async close() {
      clients.close()
      status.close()
      compute.close()
      readers.close()
      engine.close()
      await headVis.close()
      await Promise.all([sessions.close(), closeKept()])
    }
  }
}

async function samples(folder: string): Promise<{ name: string; path: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ name, path: join(folder, name) }))
    .sort((a, b) => Number(b.name === firstSample) - Number(a.name === firstSample))
}
