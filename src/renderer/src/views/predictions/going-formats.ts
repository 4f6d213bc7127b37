import type { Generated, ModelInfo, Run } from '#common/contract/schemas.ts'
import { axis, dataset, type Dataset, type Variable } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { againUnless, type Again, type Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/origin.ts'
import { shadedText, type ShadedTextData } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import type { Sampling } from '#common/model/sampling.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { GoingStep } from './going-steps.ts'

/** How a text went on. */
export interface GoneOn {
  readonly model: ModelInfo
  /** What it is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly generated: Generated
  readonly steps: readonly GoingStep[]
  /** Of text and steps; NaN of what did not come by itself. */
  readonly weights: Float32Array
  readonly sampling: Sampling | null
  /** So many tokens were asked for, and of each so many candidates. */
  readonly max: number
  readonly told: number
  readonly look: Look
  readonly seen: () => FlowingText
  /** Of Lamella. */
  readonly version: string
}

/** The files that a continuation can be saved as: the shaded text, and each step with what might have come. */
export function goingFormats(gone: GoneOn): ExportFormat[] {
  const { model, modelName, run, steps, weights, sampling, look, seen, version } = gone
  const place = `How it goes on, ${samplingText(sampling)}`
  const from: Provenance = {
    version,
    of: runOrigin(model, run, place),
    less: null,
    precision: 'float32',
    again: commandOf(gone)
  }
  const data = (): ShadedTextData => ({
    title: `${model.name} · how the text goes on`,
    quantity: 'weight',
    ...{ note: samplingText(sampling), unit: 'probability', ranks: null, weights },
    own: weights.length,
    ...seen()
  })
  const name = `${modelName} · how the text goes on`
  return [
    ...figureFormats(shadedText, name, data, { ...look, ...paperLook }, { from }),
    ...dataFormats(name, () => stepsDataset(steps, sampling), from)
  ]
}

/** The command that goes on as far, with the same candidates. */
function commandOf({ steps, sampling, max, told }: GoneOn): Again {
  const byHand = steps.some(({ drawn }) => drawn === null)
  const { temperature, topK, topP, seed } = sampling ?? {}
  const drawn = { temperature, 'top-k': topK, 'top-p': topP, seed }
  const options = Object.entries({ max, ...drawn, top: told }).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`--${name}`, String(value)]
  )
  return againUnless(
    { command: 'generate', options: [...options, '--json'] },
    byHand ? 'some of its tokens were taken by hand, which no command does' : null
  )
}

/** How tokens are chosen, in words. */
export function samplingText(sampling: Sampling | null): string {
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
    { sampling: samplingText(sampling) }
  )
}
