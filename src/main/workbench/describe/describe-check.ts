import { logSumExp } from '#common/analysis/softmax.ts'
import { eachStanding } from '#common/analysis/token-probabilities.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { idToken, type Token } from '#common/model/token.ts'
import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import type { Checkpoint } from '../../checkpoint/checkpoint.ts'
import type { Engine } from '../../engine/client.ts'
import { readingInfo } from '../../reader/model-reading.ts'
import type { Forward } from '../run/forward.ts'
import { fingerprintOf } from '../../reader/fingerprint.ts'
import type { Model } from '../model/model.ts'
import { outsideVocabulary } from '../model/tokenize.ts'
import { runRecord, type RunRecord } from '../run/run-record.ts'
import type { Runnable } from '../run/runnable.ts'
import type { RunnableModel } from '../model/model.ts'
import { isPartOf } from '../model/part-names.ts'
import { sha256 } from '../../files/sha256.ts'
import { eachLogits } from '../run/each-logits.ts'

/** A model and what it is described as. */
export interface CheckedModel {
  readonly model: Model
  readonly spec: TransformerSpec
  /** As the spec names its tensors and their shapes. */
  readonly checkpoint: Checkpoint
}

/** Tokens of a window at most, and of all windows together. */
const windowTokens = 256
const mostTokens = 2048

/** Below so many tokens a text is one window. */
const fewTokens = 64

/** Windows at most, of models that see few tokens at once. */
const mostWindows = 64

/** The least probability that counts: float32 holds nothing smaller. */
const smallest = 1e-45

/** Masked tokens take a run each. */
const mostMasked = 16

/**
 * Runs a described model on windows throughout a text and compares its cross-entropy with that of a uniform guess.
 * @throws LamellaError when the text has too few tokens, or the model cannot run as it is described
 */
export async function checkDescription(
  forward: Forward<Runnable>,
  engine: Engine,
  { model, spec, checkpoint }: CheckedModel,
  { text, characters }: { readonly text: string; readonly characters: string | null },
  context: CallContext
): Promise<DescriptionCheck> {
  if (spec.unembedding?.labels)
    throw new LamellaError(
      'unsupported',
      'Its logits are of labels, which a text does not hold, so a text cannot check it'
    )
  if (spec.unembedding === null)
    throw new LamellaError('unsupported', 'Without an unembedding there is nothing to check')
  const typed = { folder: null, config: {}, characters }
  const tokenizer = model.tokenizer ?? (characters ? await model.reader.tokenizer(typed) : null)
  const all =
    tokenizer === null ? typedIds(text) : await tokenizer.encode(text, { signal: context.signal })
  const windows = windowsOf(all, Math.min(windowTokens, spec.nCtx))
  const tokens = windows.flat()
  checkTokens(windows[0]!, tokens, spec)
  const trial = trialModel(model, spec, checkpoint)
  try {
    const mask = spec.causal || tokenizer === null ? null : await tokenizer.mask()
    const perToken = new Float32Array(tokens.length)
    let done = 0
    for (const [i, window] of windows.entries()) {
      if (windows.length > 1)
        context.progress({ label: 'Reading windows of the text', done: i, total: windows.length })
      const own =
        mask === null
          ? await surprisals(forward, recordOf(trial, window), context)
          : await maskedSurprisals(forward, trial, window, mask, windows.length, context)
      perToken.set(own, done)
      done += window.length
    }
    const known = perToken.filter(value => !Number.isNaN(value))
    const loss = known.reduce((sum, value) => sum + value, 0) / known.length
    const method = spec.causal ? 'next-token' : mask === null ? 'same-token' : 'masked-token'
    return {
      loss: Number.isFinite(loss) ? loss : null,
      chance: Math.log(spec.dVocab),
      perToken,
      tokens: tokens.map(({ text }) => text),
      method,
      explanation: explanations[method](known.length, windows.length)
    }
  } finally {
    const parts = engine.parts().filter(part => isPartOf(trial, part))
    await Promise.all(parts.map(part => engine.release(part).catch(() => undefined)))
  }
}

const explanations: Readonly<
  Record<DescriptionCheck['method'], (count: number, windows: number) => string>
> = {
  'next-token': (count, windows) =>
    `Each of ${count} tokens${within(windows)} predicted from those before it.`,
  'masked-token': (count, windows) =>
    `Each of ${count} tokens${within(windows)} masked in turn and predicted from the others.`,
  'same-token': (count, windows) =>
    `Each of ${count} tokens${within(windows)} predicted at its own place, unmasked, for there is no mask token: a low loss says little.`
}

function within(windows: number): string {
  return windows > 1 ? ` in ${windows} windows of the text` : ''
}

/** Windows of equal length from the text's begin to its end, as many as tell enough of it. */
function windowsOf(tokens: readonly Token[], longest: number): (readonly Token[])[] {
  const count = tokens.length
  const size = Math.min(longest, count, Math.max(fewTokens, Math.ceil(count / 4)))
  if (size === 0) return [[]]
  const most = Math.min(mostWindows, Math.max(1, Math.floor(mostTokens / size)))
  const windows = Math.min(most, Math.ceil(count / size))
  const step = windows === 1 ? 0 : (count - size) / (windows - 1)
  return Array.from({ length: windows }, (_, i) => {
    const start = Math.round(i * step)
    return tokens.slice(start, start + size)
  })
}

/** The model under another name, so that what it computes is kept apart. */
function trialModel(model: Model, spec: TransformerSpec, checkpoint: Checkpoint): RunnableModel {
  const reading = {
    checkpoint,
    family: 'described',
    spec,
    onnx: null,
    unlikeStored: null,
    limits: [],
    notes: [],
    notRunnable: null
  }
  const fingerprint = fingerprintOf(checkpoint, model.info.rawConfig, spec)
  const info = {
    ...model.info,
    ...readingInfo(reading),
    fingerprint,
    id: sha256([model.info.path, fingerprint, 'check']).slice(0, 16)
  }
  return { ...model, info, checkpoint, spec, onnx: null }
}

function recordOf(model: RunnableModel, tokens: readonly Token[]): RunRecord<Runnable> {
  const ids = tokens.map(({ id }) => id)
  return runRecord<Runnable>(model, { input: { ids }, edits: [], provider: 'cpu' }, tokens)
}

/** The surprise of each token, in nats; NaN where the model says nothing of it. */
async function surprisals(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  context: CallContext
): Promise<Float32Array> {
  await forward.run(record, context)
  const ids = record.run.tokens.map(({ id }) => id)
  const out = new Float32Array(ids.length).fill(NaN)
  await eachLogits(
    ids.length,
    record.model.info.config!.dVocab,
    positions => forward.logits(record, positions, context),
    logits =>
      eachStanding(ids, record.model.info, logits, (position, { probability }) => {
        out[position] = -Math.log(Math.max(probability, smallest))
      })
  )
  return out
}

/** The same of some tokens, each masked in a run of its own. @param windows of how many this is one */
async function maskedSurprisals(
  forward: Forward<Runnable>,
  model: RunnableModel,
  tokens: readonly Token[],
  mask: Token,
  windows: number,
  context: CallContext
): Promise<Float32Array> {
  const places = tokens.flatMap(({ special }, place) => (special ? [] : [place]))
  const most = Math.max(2, Math.ceil(mostMasked / windows))
  const step = Math.max(1, Math.ceil(places.length / most))
  const chosen = places.filter((_, i) => i % step === 0)
  const out = new Float32Array(tokens.length).fill(NaN)
  for (const [done, place] of chosen.entries()) {
    context.progress({ label: 'Masking tokens in turn', done, total: chosen.length })
    const masked = tokens.map((token, i) => (i === place ? mask : token))
    const { data } = await forward.logits(recordOf(model, masked), [place], context)
    out[place] = logSumExp(data) - data[tokens[place]!.id]!
  }
  return out
}

/** Token ids between spaces or commas. */
function typedIds(text: string): Token[] {
  const words = text.split(/[\s,]+/).filter(Boolean)
  return words.map(word => {
    if (!/^\d{1,9}$/.test(word))
      throw new LamellaError(
        'invalid-argument',
        `${JSON.stringify(firstLetters(word, 20))} is no token id`,
        'Without a vocabulary a text is typed as token ids, with spaces between them.'
      )
    const id = Number(word)
    return idToken(id)
  })
}

function checkTokens(
  first: readonly Token[],
  tokens: readonly Token[],
  { dVocab, causal }: TransformerSpec
): void {
  if (first.length < (causal ? 2 : 1))
    throw new LamellaError('invalid-argument', 'The text is too short to predict any of it')
  const outside = tokens.find(({ id }) => id >= dVocab)
  if (outside !== undefined) throw outsideVocabulary(outside, dVocab)
}
