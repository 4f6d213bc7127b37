import { exactCount } from '../../text/number-text.ts'
import {
  mostRanked,
  type MatrixMeasures,
  type MeasuredTensor,
  type SomePlaces
} from './measured-tensor.ts'
import { usualSizes } from './usual-sizes.ts'
import { hasUsualDeviation } from './usual-deviations.ts'

/** What may be wrong with weights, and what makes it that. */
export const findingKinds = {
  'not-finite': {
    title: 'Numbers that are not finite',
    threshold: 0,
    reason: 'A single NaN or infinite weight makes all NaN that it is used for.'
  },
  'dead-rows': {
    title: 'Dead rows',
    threshold: 1e-4,
    reason:
      'A row of less than a ten-thousandth of the median norm passes nothing on: its neuron, token or position is not used.'
  },
  'dead-columns': {
    title: 'Dead columns',
    threshold: 1e-4,
    reason: 'A column of less than a ten-thousandth of the median norm passes nothing on.'
  },
  'duplicate-rows': {
    title: 'Duplicate rows',
    threshold: 0,
    reason: 'Rows that are the same to the last bit do the same: training tells any two apart.'
  },
  'duplicate-columns': {
    title: 'Duplicate columns',
    threshold: 0,
    reason: 'Columns that are the same to the last bit do the same: training tells any two apart.'
  },
  'mostly-zero': {
    title: 'Mostly zero',
    threshold: 0.5,
    reason:
      'More than half of the numbers are exactly 0: the tensor was pruned, masked or not written whole.'
  },
  'exploding-weight': {
    title: 'A weight that ran away',
    threshold: 1e4,
    reason: 'Products with numbers beyond 10,000 leave what float16 holds, 65,504.'
  },
  'exploding-rows': {
    title: 'A row that ran away',
    threshold: 20,
    reason:
      'Norms of trained rows lie within a few times the median; twenty times tells that one of them ran away.'
  },
  'exploding-columns': {
    title: 'A column that ran away',
    threshold: 20,
    reason:
      'Norms of trained columns lie within a few times the median; twenty times tells that one of them ran away.'
  },
  'exploding-norm': {
    title: 'A layer that ran away',
    threshold: 10,
    reason: 'The same tensor of other layers is ten times smaller: this one ran away.'
  },
  'layer-deviates': {
    title: 'A layer unlike the others',
    threshold: 3,
    reason:
      'Layers of one model have the same tensors of about the same size: three times more or less is another regime.'
  },
  'rank-collapse': {
    title: 'Lost rank',
    threshold: 0.05,
    reason:
      'The effective rank is less than a twentieth of the shorter side: the matrix lets a few directions through and no more.'
  },
  untouched: {
    title: 'Untouched initialisation',
    threshold: 0,
    reason:
      'The numbers are independent of each other and of the standard deviation of a usual initialisation: training makes rows, columns and directions differ.'
  },
  constant: {
    title: 'All numbers equal',
    threshold: 0,
    reason: 'All numbers are equal, as norms and biases begin: training moves each by itself.'
  },
  'untrained-positions': {
    title: 'Untrained positions',
    threshold: 4,
    reason:
      'Positions that were trained are like their neighbours; these, at the end, are like none: texts of training were shorter.'
  },
  untrained: {
    title: 'Untrained model',
    threshold: 0.75,
    reason:
      'Three quarters of the matrices and more are independent numbers, as an initialisation draws them.'
  }
} as const
export type FindingKind = keyof typeof findingKinds

/** Something that is wrong with a tensor, or with all of them. */
export interface Finding {
  readonly kind: FindingKind
  /** Null of what is of the model as a whole. */
  readonly tensor: string | null
  /** What was measured; beside the kind's threshold. */
  readonly value: number
  readonly text: string
  /** Rows, columns or layers that it is of, the first ten. */
  readonly places: readonly number[]
}

/** Whether weights were trained, as far as they tell. */
export type Verdict = 'trained' | 'untrained' | 'partly untouched'

/** What is wrong with some tensors, in their order; what is of the model as a whole comes first. */
export function findingsOf(tensors: readonly MeasuredTensor[]): {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
} {
  const tested = tensors.filter(mayBeUntouched)
  const untouched = tested.filter(({ matrix }) => matrix!.isUntouched)
  const share = tested.length === 0 ? 0 : untouched.length / tested.length
  const isUntrained = share >= findingKinds.untrained.threshold
  const sizeOf = usualSizes(tensors)
  const layers = new Set(tensors.map(({ layer }) => layer)).size
  const own = tensors.flatMap(tensor => [
    ...ofNumbers(tensor, isUntrained),
    ...ofSize(tensor, sizeOf(tensor)),
    ...(tensor.matrix === null ? [] : ofMatrix(tensor, tensor.matrix)),
    // One among others that are trained may look like chance: it has to be of a size that is drawn, too.
    ...(isUntrained || !isAsDrawn(tensor, layers) ? [] : [untouchedFinding(tensor)])
  ])
  const whole: Finding = {
    kind: 'untrained',
    tensor: null,
    value: share,
    text: `${untouched.length} of ${tested.length} matrices are as an initialisation draws them`,
    places: []
  }
  return {
    verdict: isUntrained
      ? 'untrained'
      : own.some(({ kind }) => kind === 'untouched')
        ? 'partly untouched'
        : 'trained',
    findings: isUntrained ? [whole, ...own] : own
  }
}

/** Of fewer numbers it cannot be told whether they are as an initialisation draws them. */
export function mayBeUntouched({ matrix, shape }: MeasuredTensor): boolean {
  return matrix !== null && Math.min(...shape) >= 8
}

/** Positions that are alike are so for good; of few directions none can be missing. */
export function mayLoseRank({ matrix, category, shape }: MeasuredTensor): boolean {
  const { threshold } = findingKinds['rank-collapse']
  return matrix !== null && category !== 'position' && Math.min(...shape) >= 1 / threshold
}

function isAsDrawn({ matrix, shape, statistics }: MeasuredTensor, layers: number): boolean {
  const [rows = 0, columns = 0] = shape
  return matrix?.isUntouched === true && hasUsualDeviation(statistics.std, [rows, columns], layers)
}

function untouchedFinding({ name, statistics: { std } }: MeasuredTensor): Finding {
  const text = `its numbers are as an initialisation of standard deviation ${rounded(std)} draws them`
  return { kind: 'untouched', tensor: name, value: std, text, places: [] }
}

function ofNumbers({ name, statistics }: MeasuredTensor, isUntrained: boolean): Finding[] {
  const { count, nan, infinite, zeros, min, max } = statistics
  const finding = (kind: FindingKind, value: number, text: string): Finding => ({
    ...{ kind, tensor: name, value, text },
    places: []
  })
  const notFinite = [
    ...(nan > 0 ? [`${exactCount(nan)} NaN`] : []),
    ...(infinite > 0 ? [`${exactCount(infinite)} infinite`] : [])
  ].join(', ')
  const largest = Math.max(Math.abs(min), Math.abs(max))
  const isConstant = count > 1 && min === max && nan + infinite === 0
  return [
    ...(nan + infinite > 0 ? [finding('not-finite', nan + infinite, notFinite)] : []),
    // Of a model that is not trained norms and biases are what they begin with.
    ...(isConstant && !isUntrained
      ? [finding('constant', min, `all ${exactCount(count)} numbers are ${min}`)]
      : []),
    ...(zeros > findingKinds['mostly-zero'].threshold && !isConstant
      ? [finding('mostly-zero', zeros, `${percent(zeros)} of its numbers are 0`)]
      : []),
    ...(largest > findingKinds['exploding-weight'].threshold
      ? [finding('exploding-weight', largest, `its largest number is ${rounded(largest)}`)]
      : [])
  ]
}

/** @param ratio of its size to that of the same tensor of other layers; NaN where that is not known */
function ofSize({ name, layer }: MeasuredTensor, ratio: number): Finding[] {
  if (layer === null || Number.isNaN(ratio)) return []
  const text = `its root mean square is ${rounded(ratio)} times the median of layers`
  const own = { tensor: name, value: ratio, text, places: [layer] }
  if (ratio > findingKinds['exploding-norm'].threshold) return [{ kind: 'exploding-norm', ...own }]
  const { threshold } = findingKinds['layer-deviates']
  return ratio > threshold || ratio < 1 / threshold ? [{ kind: 'layer-deviates', ...own }] : []
}

function ofMatrix(
  tensor: MeasuredTensor,
  { rows, columns, rankShare, isRankSampled, untrainedFrom }: MatrixMeasures
): Finding[] {
  const { name, shape } = tensor
  const found: Finding[] = []
  const add = (kind: FindingKind, value: number, text: string, places: readonly number[] = []) =>
    found.push({ kind, tensor: name, value, text, places })
  const { threshold: ranked } = findingKinds['rank-collapse']
  for (const [side, { dead, duplicates, largest }, count] of [
    ['rows', rows, shape[0]!],
    ['columns', columns, shape[1]!]
  ] as const) {
    // Of nothing but zeros all are.
    if (dead.count > 0 && dead.count < count)
      add(
        `dead-${side}`,
        dead.count,
        `${exactCount(dead.count)} of ${exactCount(count)} ${side} are dead: ${listed(dead)}`,
        dead.first
      )
    if (duplicates.count > 0 && duplicates.count < count - 1)
      add(
        `duplicate-${side}`,
        duplicates.count,
        `${exactCount(duplicates.count)} of ${exactCount(count)} ${side} are the same as an earlier one: ${listed(duplicates)}`,
        duplicates.first
      )
    if (largest.ratio > findingKinds[`exploding-${side}`].threshold)
      add(
        `exploding-${side}`,
        largest.ratio,
        `the norm of ${side.slice(0, -1)} ${largest.at} is ${rounded(largest.ratio)} times the median`,
        [largest.at]
      )
  }
  if (rankShare < ranked && mayLoseRank(tensor)) {
    const of = isRankSampled ? `, of ${mostRanked} evenly spaced rows and columns` : ''
    add(
      'rank-collapse',
      rankShare,
      `its effective rank is ${percent(rankShare)} of the shorter side${of}`
    )
  }
  if (untrainedFrom !== null) {
    const last = shape[0]! - 1
    add(
      'untrained-positions',
      last + 1 - untrainedFrom,
      `positions ${untrainedFrom} to ${last} are like none of their neighbours`,
      [untrainedFrom, last]
    )
  }
  return found
}

function listed({ count, first }: SomePlaces): string {
  return count > 5 ? `${first.slice(0, 5).join(', ')} …` : first.join(', ')
}

function percent(share: number): string {
  return `${rounded(100 * share)} %`
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
