import { filteredDistribution } from '#common/analysis/filtered-distribution.ts'
import { generator } from '#common/analysis/generator.ts'
import { largest, logSumExp } from '#common/analysis/softmax.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Generated } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Sampling } from '#common/model/sampling.ts'
import type { Token } from '#common/model/token.ts'
import type { RunnableModel } from '../model/model.ts'
import { tokensOfIds } from '../model/tokenize.ts'
import type { Forward } from './forward.ts'
import type { GrowingRun } from './growing-run.ts'
import { passingValues } from './passing-values.ts'
import type { RunRecord } from './run-record.ts'
import type { RunValues } from './run-values.ts'
import { sizesOf, type Runnable } from './runnable.ts'
import type { Sources } from './sources.ts'
import { whyWhole } from './why-whole.ts'

/** How a text goes on. */
export interface GenerateOptions {
  readonly source: Pick<RunSource, 'input' | 'edits' | 'provider'>
  /** Tokens, at most. */
  readonly max: number
  /** Null: the most probable token each time. */
  readonly sampling: Sampling | null
  /** Of each step the so many most probable tokens are told. */
  readonly top: number
  /** Whether it ends with a token that the model ends texts with; with any special one where it says none. */
  readonly stop: boolean
  /** Whether keys and values of the tokens before are kept where they stay as they are. */
  readonly cache: boolean
}

/** Lets a model go on with a text, token by token. */
export type Generate = (
  model: Runnable,
  options: GenerateOptions,
  context: CallContext
) => Promise<Generated>

type Step = Omit<Generated['continuation'][number], 'token' | 'candidates'> & {
  readonly id: number
  readonly candidates: readonly {
    readonly id: number
    readonly probability: number
    readonly drawn: number
  }[]
}

/**
 * Each token is of a run of all before it, edited alike. Of these runs nothing is kept, but keys and values until the
 * text is done.
 * @param forwardBy computes runs whose values are kept where it is told
 * @param growing computes runs of a text that grows
 */
export function createGenerate(
  sources: Sources,
  cache: RunValues,
  forwardBy: (values: RunValues) => Forward<Runnable>,
  growing: (model: RunnableModel) => GrowingRun
): Generate {
  /** The logits after all tokens of a run, [d_vocab]. */
  async function afterWhole(
    record: RunRecord<Runnable>,
    context: CallContext
  ): Promise<Float32Array> {
    const { run, unedited } = record
    const ids = unedited === null ? [run.id] : [run.id, unedited.run.id]
    const forward = forwardBy(passingValues(cache, new Set(ids)))
    return (await forward.logits(record, [run.tokens.length - 1], context)).data
  }

  /** Adds tokens to a text, each by the logits after all of it, and says why it ends. */
  async function goOn(
    model: Runnable,
    first: RunRecord<Runnable>,
    logitsAfter: (record: RunRecord<Runnable>) => Promise<Float32Array>,
    { source, max, sampling, top, stop }: GenerateOptions,
    context: CallContext
  ): Promise<{ steps: Step[]; ended: Generated['ended'] }> {
    const { nCtx } = sizesOf(model)
    const { tokens, source: made } = first.run
    const next = generator(sampling?.seed ?? 0)
    const ids = tokens.map(({ id }) => id)
    const steps: Step[] = []
    let record = first
    while (steps.length < max) {
      if (ids.length > nCtx) return { steps, ended: 'context' }
      const done = steps.length
      context.progress({ label: `Token ${done + 1} of ${max}`, done, total: max })
      if (done > 0) {
        const again = { input: { ids: [...ids] }, edits: source.edits, provider: made.provider }
        record = (await sources.open(model, again, context)).record
      }
      const logits = await logitsAfter(record)
      checkNumbers(logits, ids.length)
      const step = stepOf(logits, sampling, next, top)
      steps.push(step)
      ids.push(step.id)
      const [token] = await tokensOfIds(model, [step.id])
      const end = stop ? endOf(token!, model.endTokens.ids) : null
      if (end !== null) return { steps, ended: end }
    }
    return { steps, ended: 'length' }
  }

  return async (model, options, context) => {
    checkPredicts(model)
    if (options.stop) checkEnds(model)
    const { source, max } = options
    const { record } = await sources.open(model, source, context)
    const { tokens: prompt, source: made } = record.run
    const most = Math.min(prompt.length + max, sizesOf(model).nCtx)
    const whole = options.cache
      ? whyWhole(model, source.edits, most)
      : 'keys and values are not to be kept'
    const run = whole === null ? growing(model as RunnableModel) : null
    const inside = { signal: context.signal, progress: () => undefined }
    const logitsAfter = (record: RunRecord<Runnable>) =>
      run === null ? afterWhole(record, inside) : run.next(record as RunRecord, inside)
    const { steps, ended } = await goOn(model, record, logitsAfter, options, context).finally(() =>
      run?.end()
    )

    const all = await tokensOfIds(
      model,
      [...prompt, ...steps].map(({ id }) => id)
    )
    const candidates = await tokensOfIds(
      model,
      steps.flatMap(({ candidates }) => candidates.map(({ id }) => id))
    )
    return {
      prompt: [...prompt],
      continuation: steps.map(({ probability, drawn, margin, candidates: own }, i) => ({
        token: all[prompt.length + i]!,
        probability,
        drawn,
        margin,
        candidates: own.map(({ probability, drawn }) => ({
          token: candidates.shift()!,
          probability,
          drawn
        }))
      })),
      ended,
      whole,
      provider: made.provider
    }
  }
}

const unfiltered = { temperature: 1, topK: null, topP: null }

/** The token that follows, by the logits before it. */
function stepOf(
  logits: Float32Array,
  sampling: Sampling | null,
  next: () => number,
  top: number
): Step {
  const [first = 0, second] = largest(logits, 2)
  const distribution = filteredDistribution(logits, sampling ?? unfiltered)
  const id = sampling === null ? first : drawn(distribution, next())
  const candidates = largest(distribution, top).filter(id => distribution[id]! > 0)
  const logSum = logSumExp(logits)
  const both = (own: number) => ({
    probability: Math.exp(logits[own]! - logSum),
    drawn: sampling !== null ? distribution[own]! : own === first ? 1 : 0
  })
  return {
    id,
    ...both(id),
    margin: second === undefined ? null : logits[first]! - logits[second]!,
    candidates: candidates.map(id => ({ id, ...both(id) }))
  }
}

/** @param at from 0 up to 1 */
function drawn(distribution: Float64Array, at: number): number {
  let sum = 0
  let last = 0
  for (let id = 0; id < distribution.length; id++) {
    const probability = distribution[id]!
    if (probability === 0) continue
    sum += probability
    last = id
    if (at < sum) return id
  }
  // The sum is 1 but for rounding.
  return last
}

/** How a text ends with a token; null where it goes on. */
function endOf({ id, special }: Token, ends: readonly number[]): 'end' | 'special' | null {
  if (ends.length > 0) return ends.includes(id) ? 'end' : null
  return special ? 'special' : null
}

/** @throws LamellaError `file-invalid` where the file that says how texts end is wrong */
function checkEnds({ endTokens: { fault } }: Runnable): void {
  if (fault === null) return
  throw new LamellaError('file-invalid', fault, 'With --no-stop no token ends the text.')
}

function checkNumbers(logits: Float32Array, count: number): void {
  if (!logits.some(Number.isNaN)) return
  throw new LamellaError(
    'invalid-argument',
    `What follows ${count} tokens is not a number`,
    'The weights or the edits are why; info --check-values tells of the weights.'
  )
}

/** @throws LamellaError `unsupported` for a model that does not say what comes next */
function checkPredicts({ info }: Runnable): void {
  if (info.predicts === 'next') return
  throw new LamellaError(
    'unsupported',
    `${info.name}: does not predict the next token, so it cannot go on with a text`,
    info.predicts === 'masked' ? 'predict tells what it expects at its masks.' : undefined
  )
}
