import { predictionsOf } from '#common/analysis/predictions.ts'
import { valueCheckOf } from '#common/analysis/value-check.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { unknownText, withUnknown } from '#common/text/unknown-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run, TensorValue } from '#common/contract/schemas.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { nonFiniteText, valueCheckText } from '#common/text/non-finite-text.ts'
import { matchingHooks } from '#common/model/hooks.ts'
import { writeSafetensors, type StoredTensor } from '../../export/safetensors.ts'
import { checkWritable } from '../../export/whole-file.ts'
import { expandedEdits } from './edits.ts'
import { keptFrom, runInput, userPath } from './input.ts'
import { table } from './table.ts'
import { targetMeaning, targetNumbers, targetOf, type TargetOptions } from './target.ts'

interface Output {
  readonly json?: boolean
}

/** Prints a line that is not part of the answer. */
type Warn = (line: string) => void

/** What is known of a model without running it; on request, how many of its values are not finite. */
export async function info(
  client: Client,
  folder: string,
  { json, checkValues }: Output & { readonly checkValues?: boolean }
): Promise<string> {
  const model = await openModel(client, folder)
  const { path, fingerprint } = model
  const of = { model: { path, fingerprint } }
  const check = checkValues
    ? valueCheckOf(await client.call('analysis.run', { name: 'value-check', of }))
    : null
  if (json)
    return JSON.stringify(
      { ...model, ...model.config, ...(check && { valueCheck: check }) },
      null,
      2
    )
  const { name, family, config, parameters, parametersStored, ties, limits } = model
  const { notRunnable, notRunnableHint: hint } = model
  const facts: (readonly [string, string | number])[] = [
    ['name', name],
    ['family', family ?? 'unknown'],
    ...Object.entries(config ?? {}),
    ['parameters', parameters.toLocaleString('en')],
    ['stored', parametersStored.toLocaleString('en')],
    ...ties.map(tie => ['tied', tie] as const),
    ...limits.map(limit => ['limits', limit] as const),
    ...(notRunnable === null
      ? []
      : [['cannot run', hint === null ? notRunnable : `${notRunnable} (${hint})`] as const]),
    ...(check === null ? [] : [['values', valueCheckText(check)] as const])
  ]
  const headings = ['tensor', 'dtype', 'shape', 'bytes']
  if (check !== null) headings.push('NaN', 'infinite')
  const counts = new Map(check?.notFinite.map(count => [count.name, count]))
  const tensors = model.tensors.map(({ name, dtype, shape, bytes, tiedTo }) => {
    const { nan, infinite } = counts.get(tiedTo ?? name) ?? { nan: 0, infinite: 0 }
    const row = [name, dtype, `[${shape.join(', ')}]`, bytes]
    return check === null ? row : [...row, nan, infinite]
  })
  const heading = facts.map(([fact, value]) => `${fact.padEnd(16)}${visibleText(String(value))}`)
  return `${heading.join('\n')}\n\n${table(headings, tensors)}`
}

/** The tokens of a text, with UTF-16 offsets into it. */
export async function tokens(
  client: Client,
  folder: string,
  { text, json }: Output & { readonly text: string },
  warn: Warn
): Promise<string> {
  const { id: modelId } = await openModel(client, folder)
  const found = await client.call('text.tokenize', { modelId, text })
  warnOfUnknown(found, warn)
  const rows = found.map(({ piece: token, id, start, end }) => ({ token, id, start, end }))
  if (json) return JSON.stringify(rows, null, 2)
  return table(
    ['token', 'id', 'start', 'end'],
    rows.map(row => Object.values(row))
  )
}

/** What a command runs a model on, and how. */
export interface RunOptions {
  readonly text?: string
  readonly textFile?: string
  readonly tokens?: number[]
  readonly edit?: readonly Edit[]
  readonly provider?: ProviderChoice
}

export interface PredictOptions extends Output, RunOptions {
  readonly top: number
  /** The last where it is left out; of a model of masked tokens those that hold the mask. */
  readonly position?: number[] | 'every'
  /** Its id, where no tokenizer tells it. */
  readonly mask?: number
}

/** The most probable tokens after some positions of a text, or at them. */
export async function predict(
  client: Client,
  folder: string,
  { top, position, mask, json, ...options }: PredictOptions,
  warn: Warn
): Promise<string> {
  const source = await runSource(await openModel(client, folder), options)
  const { id: runId } = await client.call('runs.start', { source })
  // Of a model that is streamed no block has run yet.
  const run = await client.call('runs.complete', { runId })
  warnOf(run, warn)
  const { input, ...same } = run.source
  const of = { ...same, corpus: { inputs: [input] } }
  const params = { top, position: position ?? null, mask: mask ?? null }
  const found = await client.call('analysis.run', { name: 'predictions', params, of })
  const rows = predictionsOf(found).map(({ position, token, logit, probability }) => ({
    position,
    token: token.piece,
    id: token.id,
    logit,
    probability
  }))
  if (json) return JSON.stringify(rows, null, 2)
  return table(
    ['position', 'token', 'id', 'logit', 'probability'],
    rows.map(({ position, token, id, logit, probability }) => [
      position ?? 'whole text',
      token,
      id,
      Number(logit.toPrecision(4)),
      Number(probability.toPrecision(3))
    ])
  )
}

export interface TraceOptions extends RunOptions {
  readonly hooks: string
  readonly out: string
}

/** Runs a model and writes the values of the hooks to a safetensors file. */
export async function trace(
  client: Client,
  folder: string,
  options: TraceOptions,
  warn: Warn
): Promise<string> {
  const { out, keep } = await outOf(folder, options)
  const model = await openModel(client, folder)
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
  const value = async (name: string): Promise<StoredTensor> => {
    if (name === 'tokens') {
      const ids = BigInt64Array.from(run.tokens, ({ id }) => BigInt(id))
      return { dtype: 'I64', shape: [ids.length], data: ids }
    }
    const wanted = { runId: run.id, hook: name, exact: true }
    const { shape, data } = await client.call('runs.value', wanted)
    return { dtype: 'F32', shape, data }
  }
  await writeSafetensors(out, ['tokens', ...hooks], value, {}, keep)
  // The blocks of a streamed model have run by now, if the hooks need them all.
  warnOf(run.complete ? run : await started(), warn)
  return `${out}: ${hooks.length} hooks, ${run.tokens.length} tokens, ${run.source.provider}`
}

/** Differentiates a number that a run gives, and writes its gradients to a safetensors file. */
export async function gradient(
  client: Client,
  folder: string,
  options: RunOptions & TargetOptions & { readonly hooks?: string; readonly out: string },
  warn: Warn
): Promise<string> {
  const { out, keep } = await outOf(folder, options)
  const model = await openModel(client, folder)
  const hooks = options.hooks === undefined ? [] : hooksOf(options.hooks, model.hooks)
  const run = await client.call('runs.start', { source: await runSource(model, options) })
  warnOf(run, warn)
  const ids = run.tokens.map(({ id }) => id)
  const target = targetOf(options)
  const found = await client.call('runs.gradient', { runId: run.id, target, hooks })
  const floats = ({ shape, data }: TensorValue) => ({ dtype: 'F32', shape, data }) as const
  const integers = (numbers: readonly number[]) =>
    ({ dtype: 'I64', shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) }) as const
  const metadata = { target: JSON.stringify(target), target_is: targetMeaning(target) }
  const tensors = new Map<string, StoredTensor>([
    ['tokens', integers(ids)],
    ['target', integers(targetNumbers(target, ids, model))],
    ['value', { dtype: 'F64', shape: [], data: Float64Array.of(found.value) }],
    ['grad.embed', floats(found.embed)],
    ['grad.W_E', floats(found.rows.gradient)],
    ['W_E.rows', integers(found.rows.ids)],
    ...hooks.map(hook => [`grad.${hook}`, floats(found.hooks[hook]!)] as const)
  ])
  const { scales } = found
  if (scales.length > 0)
    tensors.set('grad.scale', {
      dtype: 'F64',
      shape: [scales.length],
      data: Float64Array.from(scales)
    })
  const tensor = (name: string) => Promise.resolve(tensors.get(name)!)
  await writeSafetensors(out, [...tensors.keys()], tensor, metadata, keep)
  return `${out}: value ${found.value}, ${tensors.size} tensors, ${run.source.provider}`
}

/** Where a file is to be written, looked at before anything is computed for it, and what it must not take the place of. */
async function outOf(
  folder: string,
  { out, textFile }: RunOptions & { readonly out: string }
): Promise<{ readonly out: string; readonly keep: readonly string[] }> {
  const keep = await keptFrom([folder], textFile === undefined ? [] : [userPath(textFile)])
  const path = userPath(out)
  await checkWritable(path, keep)
  return { out: path, keep }
}

/** Says which characters a run has not read as they are, and that its values are not finite, where that is so. */
function warnOf({ firstNonFinite, source, tokens }: Run, warn: Warn): void {
  warnOfUnknown(tokens, warn)
  if (firstNonFinite === null) return
  const why =
    source.edits.length > 0
      ? 'the edits may be why'
      : 'info --check-values tells which weights are not finite'
  warn(`warning: ${nonFiniteText(firstNonFinite)}; ${why}`)
}

function warnOfUnknown(tokens: readonly Token[], warn: Warn): void {
  const unknown = unknownText(withUnknown({ tokens: 0, texts: [] }, tokens))
  if (unknown !== null) warn(`warning: ${visibleText(unknown)}`)
}

/** @throws LamellaError naming the first pattern that matches no hook */
function hooksOf(patterns: string, hooks: readonly string[]): string[] {
  for (const pattern of patterns.split(','))
    if (matchingHooks(pattern, hooks).length === 0)
      throw new LamellaError(
        'invalid-argument',
        `${pattern.trim()}: matches no hook of the model`,
        'info --json lists its hooks.'
      )
  return matchingHooks(patterns, hooks)
}

async function runSource(
  model: ModelInfo,
  { edit = [], provider = 'auto', ...input }: RunOptions
): Promise<RunSource> {
  const { path, fingerprint } = model
  const edits = expandedEdits(edit, model)
  return { model: { path, fingerprint }, input: await runInput(input), edits, provider }
}

/** Opens the model that a command is about. */
export async function openModel(client: Client, folder: string): Promise<ModelInfo> {
  return client.call('models.open', { path: userPath(folder) })
}
