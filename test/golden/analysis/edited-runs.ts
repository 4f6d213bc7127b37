import { resolve } from 'node:path'
import type { Params, Result } from '#common/contract/api.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { cpuSource, hebrew, modelIn, projectRoot, shakespeare, uncancelled } from '../workbench.ts'

/** An edit, whose parts have their defaults where they are left out. */
export type SomeEdit = Partial<Edit> & Pick<Edit, 'hook'>

/** The edited runs of a model, on the CPU. */
export interface EditedRuns {
  readonly model: ModelInfo
  readonly nLayers: number
  readonly nHeads: number
  /** @returns the run's id */
  start(ids: readonly number[], edits?: readonly SomeEdit[]): Promise<string>
  value(runId: string, hook: string): Promise<Float32Array>
  /** The logits of a run, [pos, d_vocab]. */
  logits(ids: readonly number[], edits?: readonly SomeEdit[]): Promise<Float32Array>
  gradient(
    runId: string,
    target: Params<'runs.gradient'>['target'],
    hooks: string[]
  ): Promise<Result<'runs.gradient'>>
}

const samples: Readonly<Record<string, string>> = {
  'shakespeare-char': shakespeare,
  'hebrew-minigpt': hebrew
}

/** @param name a folder of test/golden or any other, or a sample */
export async function editedRuns(workbench: Workbench, name: string): Promise<EditedRuns> {
  const path = samples[name] ?? resolve(projectRoot, 'test/golden', name)
  const { handlers } = workbench
  const model = await modelIn(workbench, path)
  const { nLayers, nHeads } = model.config!

  async function start(ids: readonly number[], edits: readonly SomeEdit[] = []) {
    const complete = edits.map(edit => ({ at: {}, scale: 1, add: null, ...edit }))
    const source = cpuSource(model, { ids: [...ids] }, complete)
    return (await handlers['runs.start']({ source }, uncancelled())).id
  }

  async function value(runId: string, hook: string) {
    return (await handlers['runs.value']({ runId, hook, exact: true }, uncancelled())).data
  }

  return {
    model,
    nLayers,
    nHeads,
    start,
    value,
    logits: async (ids, edits) => value(await start(ids, edits), 'logits'),
    gradient: (runId, target, hooks) =>
      handlers['runs.gradient']({ runId, target, hooks }, uncancelled())
  }
}
