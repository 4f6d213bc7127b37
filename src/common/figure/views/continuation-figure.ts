import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset, type Variable } from '../../data/dataset.ts'
import type { Sampling } from '../../model/sampling.ts'
import { tokenText } from '../../text/token-text.ts'
import type { ViewText } from './figure-view.ts'
import type { GoingStep } from './going-steps.ts'
import { runOrigin } from './origin.ts'

/** How a text went on. */
export interface FiguredContinuation {
  readonly model: ModelInfo
  readonly run: Run
  readonly steps: readonly GoingStep[]
  readonly sampling: Sampling | null
}

/** The text and what came after it, shaded by how probable each token was. */
export function continuationFigure(
  { model, run, steps, sampling }: FiguredContinuation,
  version: string
): ViewText {
  const what = 'how the text goes on'
  const weights = continuationWeights(run, steps)
  return {
    what,
    from: {
      version,
      of: runOrigin(model, run, `How it goes on, ${chosenText(steps, sampling)}`),
      ...{ less: null, precision: 'float32' }
    },
    data: flowing => ({
      ...{
        title: `${model.name} · ${what}`,
        quantity: 'weight',
        note: chosenText(steps, sampling)
      },
      ...{ unit: 'probability', ranks: null, weights, own: weights.length },
      ...flowing
    }),
    dataset: () => stepsDataset(steps, sampling)
  }
}

/** How probable each token is; NaN of those of the text, which did not come by themselves. */
export function continuationWeights(
  { tokens }: Pick<Run, 'tokens'>,
  steps: readonly GoingStep[]
): Float32Array {
  const own = tokens.map(() => NaN)
  return Float32Array.of(...own, ...steps.map(({ probability }) => probability))
}

/** How tokens were chosen, in words, and which of them a person took. */
export function chosenText(steps: readonly GoingStep[], sampling: Sampling | null): string {
  const taken = steps.flatMap(({ taken }, at) => (taken ? [at + 1] : []))
  const byHand = `but for ${taken.length} taken by hand (step${taken.length === 1 ? '' : 's'} ${taken.join(', ')})`
  return [samplingText(sampling), ...(taken.length === 0 ? [] : [byHand])].join(', ')
}

function samplingText(sampling: Sampling | null): string {
  if (sampling === null) return 'the most probable token each time'
  const { temperature, topK, topP, seed } = sampling
  return [
    `drawn at temperature ${temperature}`,
    ...(topK === null ? [] : [`top k ${topK}`]),
    ...(topP === null ? [] : [`top p ${topP}`]),
    `seed ${seed}`
  ].join(', ')
}

/** Each step, and the tokens that might have come. */
export function stepsDataset(steps: readonly GoingStep[], sampling: Sampling | null): Dataset {
  const kept = Math.max(0, ...steps.map(({ candidates }) => candidates?.length ?? 0))
  const each = (data: Variable['data'], about: string) => ({
    axes: ['step'],
    unit: '',
    about,
    data
  })
  const ranked = (data: Variable['data'], about: string) => ({
    axes: ['step', 'candidate'],
    unit: '',
    about,
    data
  })
  const candidateOf = (at: number) => steps[Math.floor(at / kept)]!.candidates?.[at % kept]
  const all = Array.from({ length: steps.length * kept }, (_, at) => candidateOf(at))
  return dataset(
    { step: axis(steps.map(({ token }) => tokenText(token))), candidate: axis(kept) },
    {
      token: each(
        Int32Array.from(steps, ({ token }) => token.id),
        'token id'
      ),
      taken: each(
        Int32Array.from(steps, ({ taken }) => (taken ? 1 : 0)),
        'whether a person took it'
      ),
      probability: each(
        Float64Array.from(steps, ({ probability }) => probability),
        'the model’s own: by the softmax of all logits'
      ),
      drawn: each(
        Float64Array.from(steps, ({ drawn }) => drawn ?? NaN),
        'probability that it was drawn with; NaN of a token that it was to begin with'
      ),
      candidate_token: ranked(
        Int32Array.from(all, own => own?.token.id ?? -1),
        'ids of what might have come, the most probable first; −1 where none is told'
      ),
      candidate_probability: ranked(
        Float64Array.from(all, own => own?.probability ?? NaN),
        'the model’s own: by the softmax of all logits'
      ),
      candidate_drawn: ranked(
        Float64Array.from(all, own => own?.drawn ?? NaN),
        'probability that it would have been drawn with'
      )
    },
    { sampling: chosenText(steps, sampling) }
  )
}
