import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { GradientTarget } from '#common/model/gradient-target.ts'
import type { NumericArray } from '../../export/named-arrays.ts'
import { hooksOf, modelToRun, runSource, warnOf, type RunOptions, type Warn } from './commands.ts'
import { hookAxes, integers, runFile, saveRun, type RunArray, type RunMade } from './save-run.ts'
import { targetMeaning, targetNumbers, targetOf, type TargetOptions } from './target.ts'

export interface GradientOptions extends RunOptions, TargetOptions {
  readonly hooks?: string
  readonly out: string
}

/** Differentiates a number that a run gives, and writes its gradients to a file. */
export async function gradient(
  client: Client,
  folder: string,
  options: GradientOptions,
  warn: Warn,
  how: RunMade
): Promise<string> {
  const file = await runFile(folder, options)
  const model = await modelToRun(client, folder, warn)
  const hooks = options.hooks === undefined ? [] : hooksOf(options.hooks, model.hooks)
  const run = await client.call('runs.start', { source: await runSource(model, options) })
  warnOf(model, run, warn)
  const ids = run.tokens.map(({ id }) => id)
  const target = targetOf(options)
  const found = await client.call('runs.gradient', { runId: run.id, target, hooks })
  const made = (axes: readonly string[], array: NumericArray) => ({ axes, array: () => array })
  const double = (numbers: readonly number[], axes: readonly string[]) =>
    made(axes, { shape: axes.map(() => numbers.length), data: Float64Array.from(numbers) })
  const { embed, rows, scales, value } = found
  const arrays = new Map<string, RunArray>([
    ['target', made([partsOf(target, model)], integers(targetNumbers(target, ids, model)))],
    ['value', double([value], [])],
    ['grad.embed', made(['pos', 'd_model'], embed)],
    ['grad.W_E', made(['id', 'd_model'], rows.gradient)],
    ['W_E.rows', made(['id'], integers(rows.ids))],
    ...hooks.map(
      hook => [`grad.${hook}`, made(hookAxes(hook, model), found.hooks[hook]!)] as const
    ),
    ...(scales.length > 0 ? [['grad.scale', double(scales, ['edit'])] as const] : [])
  ])
  const attributes = {
    target,
    target_is: targetMeaning(target)
  }
  await saveRun(file, { ...how, model, run }, arrays, attributes)
  return `${file.path}: value ${value}, ${arrays.size + 1} tensors, ${run.source.provider}`
}

/** What the numbers of a target count: labels are of positions, or of a text as a whole. */
function partsOf({ kind }: GradientTarget, { ofText }: ModelInfo): string {
  if (kind !== 'loss') return 'part'
  return ofText ? 'batch' : 'pos'
}
