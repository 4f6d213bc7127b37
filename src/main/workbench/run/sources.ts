import type { CallContext } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { outsideVocabulary, tokenize, tokensOfIds } from '../model/tokenize.ts'
import { effectiveEdits } from './effective-edits.ts'
import { normalizedEdits } from './normalized-edits.ts'
import type { ProviderChoices } from './provider.ts'
import { runRecord, type RunRecord } from './run-record.ts'
import { isOnnx, sizesOf, type Runnable } from './runnable.ts'

/** Turns the sources of runs into runs that nothing has been computed of yet. */
export interface Sources {
  /**
   * Reads the input as tokens, chooses the provider and checks the edits.
   * @returns the run, and why it has its provider
   * @throws LamellaError `invalid-argument` when the model cannot run so
   */
  open(
    model: Runnable,
    source: Pick<RunSource, 'input' | 'edits' | 'provider'>,
    context: CallContext
  ): Promise<{ readonly record: RunRecord<Runnable>; readonly reason: string }>
}

export function createSources(providers: ProviderChoices): Sources {
  return {
    async open(model, { input, edits, provider: choice }, context) {
      const read = async (input: RunInput): Promise<Token[]> => {
        const tokens = await ('text' in input
          ? tokenize(model, input.text, context.signal)
          : tokensOfIds(model, input.ids))
        checkTokens(model, tokens)
        return tokens
      }
      const tokens = await read(input)
      const idsOf = async (input: RunInput) => (await read(input)).map(({ id }) => id)
      if (isOnnx(model) && effectiveEdits(edits).length > 0)
        throw new LamellaError(
          'unsupported',
          `${model.info.name}: runs of an ONNX graph cannot be edited`,
          'Open the model as safetensors or PyTorch files.'
        )
      const normalized = isOnnx(model)
        ? []
        : await normalizedEdits(model, edits, tokens.length, idsOf)
      if (choice === 'auto') context.progress({ label: 'Trying the providers', done: 0, total: 0 })
      const { provider, reason } = await providers.choose(model, choice)
      return { record: runRecord(model, { input, edits: normalized, provider }, tokens), reason }
    }
  }
}

/** @throws LamellaError `invalid-argument` when a text has more tokens than the model takes */
export function checkLength(model: Runnable, count: number): void {
  const { nCtx } = sizesOf(model)
  if (count > nCtx)
    throw new LamellaError(
      'invalid-argument',
      `The text has ${count} tokens; ${model.info.name} takes at most ${nCtx}`,
      'Shorten the text.'
    )
}

/** @throws LamellaError `invalid-argument` when the model cannot run on these tokens */
function checkTokens(model: Runnable, tokens: readonly Token[]): void {
  const { dVocab } = sizesOf(model)
  if (tokens.length === 0) throw new LamellaError('invalid-argument', 'The text has no tokens')
  checkLength(model, tokens.length)
  const outside = tokens.find(({ id }) => id < 0 || id >= dVocab)
  if (outside !== undefined) throw outsideVocabulary(outside, dVocab)
}
