import type { Client } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { hooksOf, modelToRun, runSource, warnOf, type RunOptions, type Warn } from './commands.ts'
import { hookAxes, runFile, saveRun, type RunMade } from './save-run.ts'

export interface TraceOptions extends RunOptions {
  readonly hooks: string
  readonly out: string
}

/** Runs a model and writes the values of the hooks to a file, in float32 as they are computed. */
export async function trace(
  client: Client,
  folder: string,
  options: TraceOptions,
  warn: Warn,
  how: RunMade
): Promise<string> {
  const file = await runFile(folder, options)
  const model = await modelToRun(client, folder, warn)
  const { config, hooks: known, notRunnable, notRunnableHint } = model
  if (config === null)
    throw new LamellaError(
      'unsupported',
      `${folder}: ${notRunnable ?? 'cannot run'}`,
      notRunnableHint ?? undefined
    )
  const hooks = hooksOf(options.hooks, known)
  const source = await runSource(model, options)
  const started = () => client.call('runs.start', { source })
  const run = await started()
  const value = (hook: string) => client.call('runs.value', { runId: run.id, hook, exact: true })
  const arrays = hooks.map(
    hook => [hook, { axes: hookAxes(hook, model), array: () => value(hook) }] as const
  )
  await saveRun(file, { ...how, model, run }, new Map(arrays), {})
  // The blocks of a streamed model have run by now, if the hooks need them all.
  warnOf(model, run.complete ? run : await started(), warn)
  return `${file.path}: ${hooks.length} hooks, ${run.tokens.length} tokens, ${run.source.provider}`
}
