import { meanPooled } from '#common/analysis/pool.ts'
import { topProbabilities } from '#common/analysis/softmax.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { idToken, type Token } from '#common/model/token.ts'
import { blockHookName } from '#common/model/hooks.ts'
import { sliceOfFirstAxis } from '#common/model/tensor.ts'
import { firstNonFinite } from './first-non-finite.ts'
import type { Forward, RunRecord } from './forward.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { checkUnchanged, type Model } from '../model/model.ts'
import { tokenize, type OpenModels } from '../model/open-models.ts'
import type { ProviderChoices } from './provider.ts'
import { runnable, sizesOf, type Runnable } from './runnable.ts'
import { sha256 } from '../sha256.ts'
import type { StatusBoard } from '../status.ts'
import { labelTokens, tokenProbabilities } from './token-probabilities.ts'

/** Raised whenever graphs compute something else, so that what older ones left in the cache is not asked for. */
const computation = 'computation 1'

/** The runs of the open models and what is asked of them. */
export interface Runs {
  readonly handlers: Pick<
    Handlers,
    | 'runs.start'
    | 'runs.estimate'
    | 'runs.complete'
    | 'runs.value'
    | 'runs.patternMaps'
    | 'runs.predict'
    | 'runs.tokenProbabilities'
  >
}

export function createRuns(
  models: OpenModels,
  forward: Forward<Runnable>,
  providers: ProviderChoices,
  budget: MemoryBudget,
  status: StatusBoard
): Runs {
  const records = new Map<string, RunRecord<Runnable>>()

  function get(runId: string): RunRecord<Runnable> {
    const record = records.get(runId)
    if (record === undefined)
      throw new LamellaError('not-found', 'This run is gone', 'Run the text again.')
    return record
  }

  function keep(record: RunRecord<Runnable>): Run {
    records.set(record.run.id, record)
    status.changed()
    return record.run
  }

  async function finish(record: RunRecord<Runnable>, context: CallContext): Promise<Run> {
    const isKept = forward.isComplete(record)
    const start = performance.now()
    const last = await forward.run(record, context)
    const milliseconds = isKept ? 0 : performance.now() - start
    const run = {
      ...record.run,
      milliseconds,
      complete: true,
      firstNonFinite: await firstNonFinite(last, forward, record, context)
    }
    return keep({ ...record, run })
  }

  return {
    handlers: {
      async 'runs.start'({ modelId, input, provider: choice }, context) {
        const model = runnable(models.get(modelId))
        await checkUnchanged(model)
        const tokens = await ('text' in input
          ? tokenize(model, input.text, context.signal)
          : described(model, input.ids))
        checkTokens(model, tokens)
        if (choice === 'auto')
          context.progress({ label: 'Trying the providers', done: 0, total: 0 })
        const { provider, reason } = await providers.choose(model, choice)
        status.use(provider, reason)
        const run: Run = {
          id: sha256(
            computation,
            model.fingerprint,
            provider,
            tokens.map(({ id }) => id).join(' ')
          ),
          modelId,
          tokens,
          provider,
          milliseconds: 0,
          complete: false,
          firstNonFinite: null
        }
        const record = { run, model }
        if (budget.holds(model, provider) || forward.isComplete(record))
          return finish(record, context)
        return keep(record)
      },

      async 'runs.estimate'({ modelId, tokens, provider: choice }, { signal }) {
        const model = runnable(models.get(modelId))
        const { provider } = await providers.choose(model, choice)
        return budget.estimate(model, provider, Math.min(tokens, sizesOf(model).nCtx), signal)
      },

      'runs.complete': ({ runId }, context) => finish(get(runId), context),

      async 'runs.value'({ runId, hook, index, exact }, context) {
        const value = await forward.value(get(runId), hook, exact, context)
        status.changed()
        return plain(index === undefined ? value : sliceOfFirstAxis(value, index))
      },

      async 'runs.patternMaps'({ runId, layer, size }, context) {
        const hook = blockHookName(layer, 'attn.hook_pattern')
        const pattern = await forward.value(get(runId), hook, false, context)
        status.changed()
        return plain(meanPooled(pattern, size))
      },

      async 'runs.predict'({ runId, position, top }, context) {
        const record = get(runId)
        const count = record.run.tokens.length
        if (position < 0 || position >= count)
          throw new LamellaError(
            'invalid-argument',
            `position ${position} is outside 0…${count - 1}`
          )
        const { data } = await forward.logits(record, [position], context)
        const ranked = topProbabilities(data, top)
        const indices = ranked.map(({ index }) => index)
        const labels = record.model.spec?.unembedding?.labels ?? null
        const tokens =
          labels === null ? described(record.model, indices) : labelTokens(labels, indices)
        return ranked.map(({ logit, probability }, i) => ({
          token: tokens[i]!,
          logit,
          // One label alone competes with its absence.
          probability: labels?.length === 1 ? 1 / (1 + Math.exp(-logit)) : probability
        }))
      },

      async 'runs.tokenProbabilities'({ runId }, context) {
        return plain(await tokenProbabilities(forward, get(runId), context))
      }
    }
  }
}

/** Token ids as tokens; by number alone where the model has no tokenizer. */
function described({ tokenizer }: Model, ids: readonly number[]): Token[] {
  if (tokenizer !== null) return tokenizer.describe(ids)
  return ids.map(idToken)
}

/** @throws LamellaError `invalid-argument` when the model cannot run on these tokens */
function checkTokens(model: Runnable, tokens: readonly Token[]): void {
  const { nCtx, dVocab } = sizesOf(model)
  if (tokens.length === 0) throw new LamellaError('invalid-argument', 'The text has no tokens')
  if (tokens.length > nCtx)
    throw new LamellaError(
      'invalid-argument',
      `The text has ${tokens.length} tokens; ${model.info.name} takes at most ${nCtx}`,
      'Shorten the text.'
    )
  const outside = tokens.find(({ id }) => id < 0 || id >= dVocab)
  if (outside !== undefined)
    throw new LamellaError(
      'invalid-argument',
      `Token ${outside.id} is outside the vocabulary of ${dVocab}`
    )
}

/** A value as the contract has it. */
function plain({ shape, data }: { shape: readonly number[]; data: Float32Array }) {
  return { shape: [...shape], data }
}
