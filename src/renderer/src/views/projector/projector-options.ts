import { z } from 'zod'
import { SentenceBy } from '#common/analysis/hidden-states/sentence-vector.ts'
import { PointSet } from '#common/analysis/project/point-sets.ts'
import { layoutMethods } from '#common/analysis/project/point-counts.ts'
import { firstAngle } from '#common/figure/orbit.ts'
import { colorings, mostClusters } from '#common/figure/point-colorings.ts'
import { ComparedTexts } from '../../ui/compared-texts/compared-texts.ts'

/** Of a line that is drawn around points: each point is held against each. */
export const mostCorners = 200

const Angle = z.object({ turn: z.number(), tip: z.number() })
const Component = z.int().min(1).max(64)

/** What the projector is set to. */
export const ProjectorOptions = z.object({
  set: PointSet.catch('input'),
  method: z.enum(layoutMethods).catch('pca'),
  dimensions: z.union([z.literal(2), z.literal(3)]).catch(2),
  /** Principal components across, upwards and in depth, from 1; that in depth counts in space alone. */
  components: z.array(Component).length(3).readonly().catch([1, 2, 3]),
  /** From where a space is seen. */
  angle: Angle.catch(firstAngle),
  /** What points are told apart by; null for what suits them. */
  color: z.enum(colorings).nullable().catch(null),
  /** The texts that are points, and what stands for each. */
  texts: ComparedTexts.catch({ kind: 'lines', name: '' }),
  sentence: SentenceBy.catch('mean'),
  /** Of a text's tokens, of texts and of neurons; `selected` follows the selection. */
  layer: z.union([z.literal(['selected', 'input', 'all']), z.int().min(0)]).catch('selected'),
  /** Name of the corpus that frequencies are of; null where the order of ids stands in. */
  frequencyOf: z.string().nullable().catch(null),
  /** How many clusters colours tell, and the names that some were given, by the request that found them. */
  clusters: z.int().min(2).max(mostClusters).catch(6),
  clusterNames: z
    .object({ of: z.string(), names: z.record(z.string(), z.string()) })
    .nullable()
    .catch(null),
  /** The layer that is seen of tokens at each: 0 of what enters the first block. */
  frame: z.int().min(0).catch(0),
  /** Whether vectors are brought to length 1; null for what suits them. */
  unit: z.boolean().nullable().catch(null),
  /** The most points; null for what suits the method. */
  points: z.int().min(3).nullable().catch(null),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .catch(0),
  neighbours: z.int().min(2).max(200).catch(15),
  perplexity: z.int().min(2).max(200).catch(30),
  /** The words that an axis goes from and to. */
  from: z.string().catch(''),
  to: z.string().catch(''),
  search: z.string().catch(''),
  labels: z.boolean().catch(true),
  nearBy: z.enum(['cosine', 'centred', 'dot', 'euclidean']).catch('cosine'),
  /** What is selected, of what no other view selects: a token by its id. */
  chosen: z.int().nullable().catch(null),
  /** (x, y) of each corner of what was drawn around, the picture that it is of, and from where that was seen. */
  lasso: z
    .object({
      of: z.string(),
      outline: z.array(z.number()).max(2 * mostCorners),
      angle: Angle.nullable().catch(null)
    })
    .nullable()
    .catch(null)
})
export type ProjectorOptions = z.output<typeof ProjectorOptions>

/** Whether they are tokens of the vocabulary. */
export function isVocabulary(set: PointSet): set is 'input' | 'output' {
  return set === 'input' || set === 'output'
}

/** Whether a layer is chosen for them. */
export function hasLayer(set: PointSet): boolean {
  return set === 'tokens' || set === 'sentences' || set === 'W_in' || set === 'W_out'
}

/** Whether vectors are brought to length 1: those of early layers are so short beside later ones that they would lie in one place. */
export function isOfLengthOne({ unit, set }: Pick<ProjectorOptions, 'unit' | 'set'>): boolean {
  return unit ?? set === 'token-layers'
}
