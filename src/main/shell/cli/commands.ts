import { predictionsOf, withoutPredictions } from '#common/analysis/predictions.ts'
import { valueCheckOf } from '#common/analysis/value-check.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { seenPaddingText } from '#common/text/padding-text.ts'
import { unknownText, withUnknown } from '#common/text/unknown-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { nonFiniteText, valueCheckText } from '#common/text/non-finite-text.ts'
import { expandedEdits } from '#common/model/expanded-edits.ts'
import { matchingHooks } from '#common/model/hooks.ts'
import { expertsText } from '#common/model/mlp-facts.ts'
import { runInput, userPath } from './input.ts'
import { table } from './table.ts'
import { printedJson } from './printed-json.ts'

interface Output {
  readonly json?: boolean
}

/** Prints a line that is not part of the answer. */
export type Warn = (line: string) => void

interface InfoOptions extends Output {
  readonly checkValues?: boolean
  readonly hash?: boolean
  /** What an adapter alone adapts, from now on; `none` for nothing any more. */
  readonly base?: string
}

/** What is known of a model without running it; on request, how many of its values are not finite, and hashes of its files. */
export async function info(
  client: Client,
  folder: string,
  { json, checkValues, hash, base }: InfoOptions
): Promise<string> {
  const said = base === undefined ? {} : { base: base === 'none' ? null : userPath(base) }
  const model = await client.call('models.open', { path: userPath(folder), ...said })
  const { path, fingerprint } = model
  const of = { model: { path, fingerprint } }
  const check = checkValues
    ? valueCheckOf(await client.call('analysis.run', { name: 'value-check', of }))
    : null
  const files = hash ? await client.call('models.hash', { modelId: model.id }) : null
  if (json)
    return printedJson({
      ...model,
      ...model.config,
      ...(check && { valueCheck: check }),
      ...(files && { files })
    })
  const { name, family, config, parameters, parametersStored, ties, limits, notes } = model
  const { notRunnable, notRunnableHint: hint, mlps = [] } = model
  const experts = expertsText(mlps)
  const facts: (readonly [string, string | number])[] = [
    ['name', name],
    ['family', family ?? 'unknown'],
    ...Object.entries(config ?? {}),
    ...(experts === null ? [] : [['experts', experts] as const]),
    ['parameters', parameters.toLocaleString('en')],
    ['stored', parametersStored.toLocaleString('en')],
    ...ties.map(tie => ['tied', tie] as const),
    ...limits.map(limit => ['limits', limit] as const),
    ...notes.map(note => ['note', note] as const),
    ...(notRunnable === null
      ? []
      : [['cannot run', hint === null ? notRunnable : `${notRunnable} (${hint})`] as const]),
    ...(check === null ? [] : [['values', valueCheckText(check)] as const]),
    ...(files ?? []).map(({ name, sha256 }) => ['SHA-256', `${sha256}  ${name}`] as const)
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

/** A prediction as it is listed; null of a position whose logits are no numbers. */
interface PredictedRow {
  readonly position: number | null
  readonly token: string | null
  readonly id: number | null
  readonly logit: number | null
  readonly probability: number | null
}

/** The most probable tokens after some positions of a text, or at them. */
export async function predict(
  client: Client,
  folder: string,
  { top, position, mask, json, ...options }: PredictOptions,
  warn: Warn
): Promise<string> {
  const model = await modelToRun(client, folder, warn)
  const source = await runSource(model, options)
  const { id: runId } = await client.call('runs.start', { source })
  // Of a model that is streamed no block has run yet.
  const run = await client.call('runs.complete', { runId })
  warnOf(model, run, warn)
  const { input, ...same } = run.source
  const of = { ...same, corpus: { inputs: [input] } }
  const params = { top, position: position ?? null, mask: mask ?? null }
  const found = await client.call('analysis.run', { name: 'predictions', params, of })
  const predicted = predictionsOf(found).map(
    ({ position, token, logit, probability }): PredictedRow => ({
      ...{ position, token: token.piece, id: token.id, logit, probability }
    })
  )
  const without = withoutPredictions(found).map((position): PredictedRow => ({
    position: model.ofText ? null : position,
    ...{ token: null, id: null, logit: null, probability: null }
  }))
  const place = ({ position: at }: PredictedRow) =>
    Array.isArray(position) ? position.indexOf(at ?? 0) : (at ?? 0)
  const rows = [...predicted, ...without].sort((a, b) => place(a) - place(b))
  if (json) return printedJson(rows)
  return table(
    ['position', 'token', 'id', 'logit', 'probability'],
    rows.map(({ position, token, id, logit, probability }) => [
      position ?? 'whole text',
      token ?? 'no numbers',
      id ?? '',
      logit === null ? '' : Number(logit.toPrecision(4)),
      probability === null ? '' : Number(probability.toPrecision(3))
    ])
  )
}

/** Says which characters a run has not read as they are, that it sees padding, and that its values are not finite, where that is so. */
export function warnOf(
  model: ModelInfo,
  { firstNonFinite, source, tokens }: Run,
  warn: Warn
): void {
  warnOfUnknown(tokens, warn)
  const padding = seenPaddingText(model, tokens)
  if (padding !== null) warn(`warning: ${visibleText(padding)}`)
  if (firstNonFinite === null) return
  warn(`warning: ${nonFiniteText(firstNonFinite)}; ${whyNotFinite(source.edits.length > 0)}`)
}

/** Why values of a run may not be finite, or what tells. */
export function whyNotFinite(hasEdits: boolean): string {
  return hasEdits
    ? 'the edits may be why'
    : 'info --check-values tells which weights are not finite'
}

/** Says which characters of a text the vocabulary does not have. */
export function warnOfUnknown(tokens: readonly Token[], warn: Warn): void {
  const unknown = unknownText(withUnknown({ tokens: 0, texts: [] }, tokens))
  if (unknown !== null) warn(`warning: ${visibleText(unknown)}`)
}

/** @throws LamellaError naming the first pattern that matches no hook */
export function hooksOf(patterns: string, hooks: readonly string[]): string[] {
  for (const pattern of patterns.split(','))
    if (matchingHooks(pattern, hooks).length === 0)
      throw new LamellaError(
        'invalid-argument',
        pattern.trim() === ''
          ? '--hooks: the name of a hook is empty'
          : `${pattern.trim()}: matches no hook of the model`,
        'info --json lists its hooks.'
      )
  return matchingHooks(patterns, hooks)
}

export async function runSource(
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

/** Opens the model that a command computes with, and says what its reading takes for granted or leaves out. */
export async function modelToRun(client: Client, folder: string, warn: Warn): Promise<ModelInfo> {
  const model = await openModel(client, folder)
  for (const note of model.notes) warn(`warning: ${visibleText(`${model.name}: ${note}`)}`)
  return model
}
