import { z } from 'zod'
import { AlibiSpec, RotarySpec } from '../../model/attention-spec.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { sinusoids } from '../../model/sinusoids.ts'
import { SinusoidalSpec } from '../../model/spec.ts'
import { nothing, type Analysis, type ModelFacts, type WantedWeight } from '../analysis.ts'
import { collectedWeights, type CollectedWeights } from '../embeddings/embedding-matrix.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { firstUntrained } from './first-untrained.ts'
import { matrixGives, matrixPart, type Part } from './position-matrix.ts'
import { alibiPart, attentionGives, relativePart, rotaryPart } from './rotary-part.ts'

const Sinusoidal = SinusoidalSpec.extend({
  length: z.int().min(1).max(16_384),
  width: z.int().min(1).max(16_384)
})

const Alibi = AlibiSpec.extend({ heads: z.int().min(1).max(1024) })

export const PositionParams = z.strictObject({
  /** A table by its numbers, whatever the model: of sines and cosines, of rotary positions, or of linear biases. */
  table: z
    .union([Sinusoidal, Alibi, RotarySpec])
    .refine(
      table => table.kind !== 'sinusoidal' || table.length * table.width <= 2 ** 24,
      'expected length · width of at most 16,777,216'
    )
    .refine(
      table => table.kind !== 'rotary' || table.dims <= 16_384,
      'expected dims of at most 16,384'
    )
    .nullable()
    .default(null),
  /** The layer whose attention is looked at; the first that tells positions when left out. */
  layer: z.int().min(0).nullable().default(null),
  /** Of what is added to embeddings so many positions, the first ones: at most 4,096 when left out. */
  positions: z.int().min(1).max(16_384).nullable().default(null),
  /** Tokens of a text: some rotary scalings depend on it. No longer than it was trained on when left out. */
  length: z
    .int()
    .min(1)
    .max(2 ** 31)
    .default(1),
  /** The longest distance that decay and biases are given for. */
  distances: z.int().min(0).max(16_384).default(128),
  /** Principal components whose scores are given. */
  components: z.int().min(1).max(64).default(3),
  /** The most positions whose cosines with each other are given; of more every second, third … one. */
  size: z.int().min(2).max(2048).default(256),
  /** Whether the matrix itself is given. */
  values: z.boolean().default(false)
})
type PositionParams = z.infer<typeof PositionParams>

/** Positions that are looked at where it is not said how many. */
const usually = 4096

const gives = [...matrixGives, ...attentionGives]

/** How a model tells positions. */
export const positions: Analysis<PositionParams> = {
  name: 'positions',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: PositionParams,
  about: {
    what: 'How a model tells positions. Of a matrix that is added to embeddings, learned or of sines and cosines: how alike positions are, how each dimension varies and by which frequencies, and its principal components. Of rotary positions: how fast each pair of dimensions turns, with scaling applied, and how a score falls with distance. Of linear biases: slopes and biases. Of biases by relative position: what is added at each distance. Any table of these kinds by its numbers, too.',
    formulas: [
      'adjacent = Pearson correlation of rows i and i + 1; variance over positions, divided by their number',
      'power = |Σ_t (x_t − mean) e^(−2πikt/n)|² of each dimension, k cycles over all n positions; peak = its highest k',
      'sinusoidal: sin and cos of (offset + p) / base^(2i/width), alternating or all sines first; base^(i/(width/2 − 1)) where the slowest reaches it',
      'rotary: inv_freq_i = base^(−2i/dims), scaled as the model says (linear, dynamic, yarn, llama3, longrope); wavelength = 2π / inv_freq',
      'decay(Δ) = (2/dims) Σ_i cos(inv_freq_i Δ)',
      'alibi: score += slope · key position · scale; slope of head h of H (a power of two) = 2^(−8(h+1)/H), else those of the power below, then every other one of twice that',
      'relative: score += W_rel[bucket(key − query), head]; relative_table = W_rel'
    ],
    sources: [
      'Vaswani et al. 2017, section 3.5',
      'Su et al. 2021, section 3.2.2; scaling as transformers has it, `modeling_rope_utils.py`',
      'Press et al. 2022, section 3',
      'Raffel et al. 2020, section 2.1, for biases by relative position'
    ],
    read: 'Learned positions of a trained model are mostly smooth curves of low frequency: neighbours correlate highly. Rows at the end that are like none of their neighbours are positions that training hardly reached, from `untrained_from` on. Wavelengths beyond the longest text never come round: such pairs tell content more than place.',
    baseline: 'Sinusoidal positions of the same size, by `table`.'
  },
  gives,
  needs: (params, model) => ({
    ...nothing,
    weights: [learnedRows(params, model), relativeTable(params, model)].flatMap(one => one ?? [])
  }),

  start(params, model) {
    const weights = collectedWeights(model)
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const wanted = learnedRows(params, model)
        const parts: Part[] = []
        if (wanted !== null) {
          const table = weights.of(wanted)
          const untrained = firstUntrained(table.data, table.rows, table.width)
          const attributes = untrained === null ? {} : { untrained_from: untrained }
          parts.push(matrixPart(table, params), { axes: {}, data: {}, attributes })
        }
        parts.push(
          ...(params.table === null
            ? modelParts(params, model, weights)
            : tableParts(params.table, params))
        )
        if (parts.length === 0) throw noPositions(model)
        const joined = <K extends keyof Part>(key: K) =>
          Object.assign({}, ...parts.map(part => part[key])) as Part[K]
        return givenDataset(gives, joined('axes'), joined('data'), joined('attributes'))
      },
      state: () => ({})
    }
  }
}

/** The rows of learned positions; null where there are none, or where they are not asked for. */
function learnedRows({ table, positions }: PositionParams, model: ModelFacts): WantedWeight | null {
  if (table !== null) return null
  const { embedding, layers } = factsOf(model)
  const isLearned = embedding?.kind === 'learned' || layers[0]?.kind === 'shortformer'
  if (!isLearned) return null
  const { nCtx } = widthsOf(model)
  const count = Math.min(nCtx, positions ?? usually)
  const some = count < nCtx ? { rows: [...Array(count).keys()] } : {}
  return { role: 'W_pos', layer: null, head: null, ...some }
}

/** The layer whose attention is looked at; −1 where none tells positions. */
function layerOf(
  { layer }: PositionParams,
  { layers }: NonNullable<ModelFacts['positions']>
): number {
  return layer ?? layers.findIndex(own => own !== null)
}

/** The biases of the layer that is looked at; null where it has none such. */
function relativeTable(params: PositionParams, model: ModelFacts): WantedWeight | null {
  if (params.table !== null) return null
  const facts = factsOf(model)
  const layer = layerOf(params, facts)
  return facts.layers[layer]?.kind === 'relative' ? { role: 'W_rel', layer, head: null } : null
}

/** What the model's own positions tell, but for learned ones. */
function modelParts(params: PositionParams, model: ModelFacts, weights: CollectedWeights): Part[] {
  const { embedding, width, layers } = factsOf(model)
  const { nHeads, nCtx } = widthsOf(model)
  const { layer: asked, distances, length, positions } = params
  const parts: Part[] = []
  const count = Math.min(nCtx, positions ?? usually)
  if (embedding !== null)
    parts.push({
      axes: {},
      data: {},
      attributes: {
        embedding: embedding.kind,
        ...(count < nCtx && { positions: `the first ${count} of ${nCtx}` })
      }
    })
  if (embedding?.kind === 'sinusoidal')
    parts.push(matrixPart({ rows: count, width, data: sinusoids(count, width, embedding) }, params))
  if (asked !== null) checkIndex('layer', asked, layers.length)
  const layer = layerOf(params, factsOf(model))
  const own = layers[layer] ?? null
  if (own === null && asked !== null)
    throw new LamellaError(
      'unsupported',
      `${model.name}: the attention of layer ${asked} tells no positions`,
      'Leave the layer out for the first that does.'
    )
  if (own === null) return parts
  const same = layers.flatMap((other, i) =>
    JSON.stringify(other) === JSON.stringify(own) ? [i] : []
  )
  if (own.kind === 'rotary') parts.push(rotaryPart(own, length, distances))
  if (own.kind === 'alibi') parts.push(alibiPart(own, nHeads, distances))
  if (own.kind === 'relative') {
    const table = weights.of(relativeTable(params, model)!)
    parts.push(relativePart(own, table.data, distances))
  }
  // Learned rows that queries and keys read are those of the matrix.
  const added = own.kind === 'shortformer' ? { added_to: 'queries and keys' } : {}
  parts.push({ axes: {}, data: {}, attributes: { layer, alike_layers: same, ...added } })
  return parts
}

function tableParts(table: NonNullable<PositionParams['table']>, params: PositionParams): Part[] {
  if (table.kind === 'rotary') return [rotaryPart(table, params.length, params.distances)]
  if (table.kind === 'alibi') return [alibiPart(table, table.heads, params.distances)]
  const { length, width } = table
  return [matrixPart({ rows: length, width, data: sinusoids(length, width, table) }, params)]
}

function factsOf({ name, positions }: ModelFacts): NonNullable<ModelFacts['positions']> {
  if (positions !== null) return positions
  throw new LamellaError(
    'unsupported',
    `${name}: how it tells positions is not known`,
    'Give a table by its numbers.'
  )
}

function noPositions({ name }: ModelFacts): LamellaError {
  return new LamellaError(
    'unsupported',
    `${name}: adds no positions to embeddings, and its attention tells none`,
    'Give a table by its numbers.'
  )
}
