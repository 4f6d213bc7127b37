import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { HandlerContext } from '#common/contract/rpc.ts'
import { forkEngine } from '../../src/main/engine/host.ts'
import type { HostedProcess } from '../../src/main/process/host.ts'
import { createWorkbench, type Workbench } from '../../src/main/workbench/workbench.ts'

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

/** The sample models that ship. */
export const shakespeare = join(projectRoot, 'resources/samples/shakespeare-char')
export const hebrew = join(projectRoot, 'resources/samples/hebrew-minigpt')

/** A workbench with a data folder of its own and the real engine, running from source. */
export function startWorkbench(
  environment: Readonly<Record<string, string>> = {},
  dataFolder = mkdtempSync(join(tmpdir(), 'lamella-test-')),
  onSpawn: (engine: HostedProcess) => void = () => undefined
): Promise<Workbench> {
  const host = forkEngine(join(projectRoot, 'src/main/engine/process.ts'), environment)
  return createWorkbench({
    dataFolder,
    resourcesFolder: join(projectRoot, 'resources'),
    engine: {
      spawn(exchange) {
        const started = host.spawn(exchange)
        onSpawn(started)
        return started
      }
    },
    computeEntry: join(projectRoot, 'src/main/compute/worker.ts'),
    traceEntry: join(projectRoot, 'src/main/trace/worker.ts'),
    shell: 'cli',
    version: '0.0.0'
  })
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
  context = uncancelled()
): Promise<Dataset> {
  const corpus = input === null ? null : { inputs: [input], window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  return handlers['analysis.run']({ name, params, of, with: null }, context)
}
