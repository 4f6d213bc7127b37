import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { HandlerContext } from '#common/contract/rpc.ts'
import { forkEngine } from '../../src/main/engine/host.ts'
import { forkProcess, type HostedProcess } from '../../src/main/process/host.ts'
import { createReaders, type Reader } from '../../src/main/reader/client.ts'
import type { ReaderLimits } from '../../src/main/reader/protocol.ts'
import { openModel, type Model } from '../../src/main/workbench/model/model.ts'
import { createWorkbench, type Workbench } from '../../src/main/workbench/workbench.ts'
import { built } from '../built.ts'

export const projectRoot = built.root

/** The sample models that ship. */
export const shakespeare = join(projectRoot, 'resources/samples/shakespeare-char')
export const hebrew = join(projectRoot, 'resources/samples/hebrew-minigpt')

/** What a test does with the processes that read models. */
export interface TestedReaders {
  readonly limits?: ReaderLimits
  readonly onSpawn?: (reader: HostedProcess) => void
}

/** A workbench with a data folder of its own, the real engine and the real readers. */
export function startWorkbench(
  environment: Readonly<Record<string, string>> = {},
  dataFolder = mkdtempSync(join(tmpdir(), 'lamella-test-')),
  onSpawn: (engine: HostedProcess) => void = () => undefined,
  readers: TestedReaders = {}
): Promise<Workbench> {
  const readerHost = forkProcess(built.readerEntry, environment)
  const host = forkEngine(built.engineEntry, environment)
  return createWorkbench({
    ...built,
    dataFolder,
    engine: {
      spawn(exchange) {
        const started = host.spawn(exchange)
        onSpawn(started)
        return started
      }
    },
    reader: {
      spawn(argument) {
        const started = readerHost.spawn(argument)
        readers.onSpawn?.(started)
        return started
      }
    },
    ...(readers.limits && { readerLimits: readers.limits }),
    shell: 'cli',
    version: '0.0.0'
  })
}

const shared = new Map<string, Promise<Workbench>>()

/**
 * A workbench for all files of tests that one of Vitest's workers takes: what one has open, the next need not open. It ends
 * with the worker. What is looked at is what comes of models, not what the workbench does with them.
 */
export function sharedWorkbench(
  environment: Readonly<Record<string, string>> = {}
): Promise<Workbench> {
  const key = JSON.stringify(environment)
  const workbench = shared.get(key) ?? startWorkbench(environment)
  shared.set(key, workbench)
  return workbench
}

const usualReaders = createReaders(forkProcess(built.readerEntry))

/** A reader as the workbench has one for each model. */
export function startReader(limits?: ReaderLimits): Reader {
  if (limits === undefined) return usualReaders.start()
  return createReaders(forkProcess(built.readerEntry), limits).start()
}

/** A model without a workbench; what reads it ends with this process. */
export function openedModel(path: string): Promise<Model> {
  return openModel(path, new AbortController().signal, startReader())
}

const opened = new WeakMap<Workbench, Map<string, Promise<ModelInfo>>>()

/** A model that a workbench has open: each is opened once, however many tests ask for it. */
export function modelIn(workbench: Workbench, path: string): Promise<ModelInfo> {
  const ofWorkbench = opened.get(workbench) ?? new Map<string, Promise<ModelInfo>>()
  opened.set(workbench, ofWorkbench)
  const model = ofWorkbench.get(path) ?? workbench.handlers['models.open']({ path }, uncancelled())
  ofWorkbench.set(path, model)
  return model
}

/** A run of a model on the CPU, without edits. */
export function cpuSource(
  { path, fingerprint }: ModelInfo,
  input: RunInput,
  edits: Edit[] = []
): RunSource {
  return { model: { path, fingerprint }, input, edits, provider: 'cpu' }
}

/** A call that nobody cancels. */
export function uncancelled(signal = new AbortController().signal): HandlerContext {
  return { client: 'test', signal, progress: () => undefined }
}

/** What an analysis comes to, on the CPU: of one input, or without any of the weights. */
export function analysed(
  { handlers }: Workbench,
  { path, fingerprint }: Pick<ModelInfo, 'path' | 'fingerprint'>,
  name: string,
  params: z.core.util.JSONType = {},
  input: CorpusInput | null = null,
  context = uncancelled(),
  edits: Edit[] = []
): Promise<Dataset> {
  const corpus = input === null ? null : { inputs: [input], window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits, provider: 'cpu' as const }
  return handlers['analysis.run']({ name, params, of, with: null }, context)
}
