import { weightStatistics } from '#common/analysis/weight-statistics/weight-statistics.ts'
import { spectrum } from '#common/analysis/spectrum/spectrum.ts'
import { weightPca } from '#common/analysis/weight-pca/weight-pca.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { single } from '#common/figure/views/tensor-figures.ts'
import { exactCount, percentText } from '#common/text/number-text.ts'
import type { Fact } from '../../ui/fact.ts'

type Text = (value: number) => string

const counted = [
  'count',
  'nan',
  'infinite',
  'rank',
  'tail',
  'above_bulk',
  'below_bulk',
  'rows',
  'columns'
]

/** What statistics say of one tensor, each with its formula. */
export function statisticsFacts(result: Dataset, text: Text): Fact[] {
  return [
    fact(result, 'count', 'weights', text),
    fact(result, 'mean', 'mean', text),
    fact(result, 'std', 'standard deviation', text),
    fact(result, 'min', 'smallest', text),
    fact(result, 'max', 'largest', text),
    fact(result, 'norm', 'norm', text),
    fact(result, 'skewness', 'skewness', text),
    fact(result, 'kurtosis', 'excess kurtosis', text),
    fact(result, 'ks', 'KS distance', text),
    fact(result, 'ksP', 'its p-value', text),
    fact(result, 'zeros', 'zeros', percentText),
    fact(result, 'nan', 'NaN', text),
    fact(result, 'infinite', 'infinite', text)
  ]
}

/** What a spectrum says of one matrix. */
export function spectrumFacts(result: Dataset, text: Text): Fact[] {
  return [
    fact(result, 'rank', 'rank', text),
    fact(result, 'stableRank', 'stable rank', text),
    fact(result, 'effectiveRank', 'effective rank', text),
    fact(result, 'effectiveRankEnergy', 'effective rank of σ²', text),
    fact(result, 'conditionNumber', 'condition number', text),
    fact(result, 'alpha', 'power law α', text),
    fact(result, 'alphaSigma', 'its standard error', text),
    fact(result, 'xmin', 'begins at σ² =', text),
    fact(result, 'tail', 'values in its tail', text),
    fact(result, 'ksDistance', 'its KS distance', text),
    fact(result, 'bulk_lower', 'chance begins', text),
    fact(result, 'bulk_upper', 'chance ends', text),
    fact(result, 'above_bulk', 'values above chance', text),
    fact(result, 'below_bulk', 'values below it', text)
  ]
}

/** What the principal components of the rows of one matrix come to. */
export function componentsFacts(result: Dataset, text: Text): Fact[] {
  const shares = Float64Array.from(variable(result, 'pca_cumulative').data)
  const upTo = (share: number): Fact => {
    const count = shares.findIndex(own => own >= share) + 1
    return {
      name: `components for ${Math.round(share * 100)} %`,
      text: count === 0 ? '–' : exactCount(count),
      ...{ exact: String(count), about: abouts.get('pca_cumulative') ?? '' }
    }
  }
  const [first = NaN] = variable(result, 'pca_ratio').data
  return [
    fact(result, 'rows', 'rows', text),
    fact(result, 'columns', 'columns', text),
    fact(result, 'variance', 'variance of the rows', text),
    {
      name: 'along the first',
      ...{ text: percentText(first), exact: String(first), about: abouts.get('pca_ratio') ?? '' }
    },
    upTo(0.5),
    upTo(0.9),
    upTo(0.99)
  ]
}

/** A row or a column whose norm stands out. */
export interface Outlier {
  readonly at: number
  readonly norm: number
  /** Modified z-score. */
  readonly z: number
}

/** The rows, or the columns, of the most unusual norms, and how many are beyond 3.5; null of what is no matrix. */
export function outliersOf(
  result: Dataset,
  of: 'row' | 'column'
): { readonly count: number; readonly most: readonly Outlier[] } | null {
  const count = single(result, `outlying_${of}s`)
  if (Number.isNaN(count)) return null
  const read = (name: string) => Array.from(variable(result, name).data)
  const [norms, scores] = [read(`outlier_${of}_norm`), read(`outlier_${of}_z`)]
  const most = read(`outlier_${of}s`).flatMap((at, i) =>
    Number.isNaN(at) ? [] : [{ at, norm: norms[i]!, z: scores[i]! }]
  )
  return { count, most }
}

function fact(result: Dataset, name: string, words: string, text: Text): Fact {
  const value = single(result, name)
  const isCount = counted.includes(name)
  return {
    name: words,
    text: isCount && !Number.isNaN(value) ? exactCount(value) : text(value),
    exact: String(value),
    about: abouts.get(name) ?? ''
  }
}

const abouts = new Map(
  [...weightStatistics.gives, ...spectrum.gives, ...weightPca.gives].map(({ name, about }) => [
    name,
    about
  ])
)
