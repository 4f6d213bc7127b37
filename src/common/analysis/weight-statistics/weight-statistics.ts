import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { exactCount } from '../../text/number-text.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import {
  checkAny,
  choiceOf,
  chosenTensors,
  wholeTensors,
  type WholeTensor
} from '../chosen-tensors.ts'
import { givenDataset } from '../given.ts'
import { normalBelow } from '../normal-distribution.ts'
import { quartiles } from '../quantiles.ts'
import { column, padded } from '../tensor-rows.ts'
import {
  histogram,
  histogramEdges,
  largestPlaces,
  modifiedZScores,
  tensorStatistics,
  type SideStatistics,
  type TensorStatistics
} from './tensor-statistics.ts'

const WeightStatisticsParams = z.strictObject({
  ...chosenTensors,
  /** Ranges of equal width that the numbers of a tensor are counted in. */
  bins: z.int().min(1).max(10_000).default(64),
  /** Rows and columns of the most unusual norms that are named of each matrix. */
  outliers: z.int().min(0).max(1000).default(5)
})
type WeightStatisticsParams = z.infer<typeof WeightStatisticsParams>

const single = (name: string, about: string): Given => ({ name, axes: ['tensor'], unit: '', about })

/** Numbers of a tensor, by the names that they have in `TensorStatistics`. */
const scalars = [
  single('count', 'numbers of the tensor'),
  single('mean', 'Σ x / n'),
  single('min', 'the smallest number'),
  single('max', 'the largest number'),
  single('std', '√(Σ (x − mean)² / n)'),
  single('std1', '√(Σ (x − mean)² / (n − 1))'),
  single('norm', '√Σ x²: the Frobenius norm'),
  single('skewness', 'm₃ / m₂^1.5, of central moments over n'),
  single('kurtosis', 'm₄ / m₂² − 3, of central moments over n: 0 of a normal distribution'),
  single('zeros', 'share of the numbers that is 0'),
  single('nan', 'numbers that are NaN'),
  single('infinite', 'numbers that are infinite'),
  single('ks', 'Kolmogorov–Smirnov distance from the normal distribution of mean and std'),
  single('ksP', 'probability of such a distance or a larger one, of as many normal numbers'),
  single('ks1', 'the distance from the normal distribution of mean and std1')
] as const satisfies readonly Given[]

const sides = ['rows', 'columns'] as const
type Side = (typeof sides)[number]
const sideName = { rows: 'row', columns: 'column' } as const

const gives: readonly Given[] = [
  ...scalars,
  single('rows', 'rows of a matrix: its first axis'),
  single('columns', 'columns of a matrix'),
  single('layer', 'the block that it is of'),
  single('head', 'the head that it is of'),
  ...sides.flatMap(side => {
    const one = sideName[side]
    return [
      {
        name: `variance_${side}`,
        axes: ['tensor', 'quartile'],
        unit: '',
        about: `of the variances Σ (x − mean)² / n of the ${side}`
      },
      {
        name: `norm_${side}`,
        axes: ['tensor', 'quartile'],
        unit: '',
        about: `of the norms of the ${side}`
      },
      single(`outlying_${side}`, `${side} whose norms have a modified z-score beyond 3.5`),
      {
        name: `outlier_${side}`,
        axes: ['tensor', 'outlier'],
        unit: '',
        about: `the ${side} of the most unusual norms`
      },
      {
        name: `outlier_${one}_norm`,
        axes: ['tensor', 'outlier'],
        unit: '',
        about: 'their norms'
      },
      {
        name: `outlier_${one}_z`,
        axes: ['tensor', 'outlier'],
        unit: '',
        about: '0.6745 (norm − median) / median of |norm − median|'
      },
      { name: `${one}_norm`, axes: [one], unit: '', about: `norm of each ${one}, of one matrix` },
      {
        name: `${one}_variance`,
        axes: [one],
        unit: '',
        about: `Σ (x − mean)² / n of each ${one}, of one matrix`
      }
    ]
  }),
  {
    name: 'histogram',
    axes: ['tensor', 'bin'],
    unit: '',
    about: 'numbers in each range of equal width from min to max'
  },
  {
    name: 'normal',
    axes: ['tensor', 'bin'],
    unit: '',
    about: 'how many the normal distribution of mean and std has there'
  },
  { name: 'edges', axes: ['tensor', 'edge'], unit: '', about: 'where the ranges begin and end' }
]

/** What is kept of a tensor. */
interface Row extends Pick<WholeTensor, 'name' | 'layer' | 'head' | 'shape'> {
  readonly statistics: TensorStatistics
  readonly counts: Float64Array
}

/** What the numbers of each tensor are like, of its rows and of its columns. */
export const weightStatistics: Analysis<WeightStatisticsParams> = {
  name: 'weight-statistics',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: WeightStatisticsParams,
  about: {
    what: 'What the numbers of each tensor are like: how large, how spread, how far from normal, which rows and columns stand out. Of tensors as they are stored, or of weights by what they do, layer by layer and head by head.',
    formulas: [
      'mean = Σ x / n; m_k = Σ (x − mean)^k / n; std = √m₂; std1 = √(m₂ n / (n − 1))',
      'skewness = m₃ / m₂^1.5; kurtosis = m₄ / m₂² − 3 (both biased; the kurtosis in excess of the normal one)',
      'ks = max |F_n(x) − Φ((x − mean) / std)|',
      'modified z-score of a row = 0.6745 (norm − median) / median of |norm − median|'
    ],
    sources: [
      'ks: Kolmogorov 1933; ksP: the distribution for n as it is, Simard & L’Ecuyer 2011, as in SciPy’s kstest',
      'outliers: Iglewicz & Hoaglin 1993, "How to Detect and Handle Outliers"',
      'quartiles: Hyndman & Fan 1996, definition 7'
    ],
    read: 'Rows are the first axis of a tensor as it is stored; a weight by its role is [in, out]. Numbers that are NaN or infinite are counted and do not enter the others; a row that has some has no norm. ksP is that of a distribution known beforehand: mean and deviation being those of the numbers, it comes out too high, and of many numbers it is tiny even where the distance is small. Tensors of more axes than two have no rows and columns.',
    baseline:
      'Numbers drawn from a normal distribution have a skewness and kurtosis of 0 and a distance of about 0.9 / √n.'
  },
  gives,

  needs: (params, model) => ({ ...nothing, ...choiceOf(params, model) }),

  start({ bins, outliers }, model) {
    const rows: Row[] = []
    const take = wholeTensors(model, ({ data, ...tensor }) => {
      const statistics = tensorStatistics(data, tensor.shape)
      const counts = histogram(data, statistics.min, statistics.max, bins)
      rows.push({ ...tensor, statistics, counts })
    })
    return {
      begin: () => undefined,
      take,
      result() {
        checkAny(rows, model)
        const [only] = rows.length === 1 ? rows : []
        const leftOut = sides
          .filter(side => only && (lengthOf(only, side) ?? 0) > mostGiven)
          .map(side => `norms and variances of ${side}: more than ${exactCount(mostGiven)}`)
        return givenDataset(
          gives,
          {
            tensor: axis(rows.map(({ name }) => name)),
            quartile: axis(['min', 'q1', 'median', 'q3', 'max']),
            outlier: axis(outliers),
            bin: axis(bins),
            edge: axis(bins + 1),
            ...(only && isGiven(only, 'rows') && { row: axis(only.shape[0]!) }),
            ...(only && isGiven(only, 'columns') && { column: axis(only.shape[1]!) })
          },
          {
            ...Object.fromEntries(
              scalars.map(({ name }) => [
                name,
                column(
                  rows,
                  ({ statistics }) => statistics[name as keyof TensorStatistics] as number
                )
              ])
            ),
            rows: column(rows, ({ shape }) => (shape.length === 2 ? shape[0]! : NaN)),
            columns: column(rows, ({ shape }) => (shape.length === 2 ? shape[1]! : NaN)),
            layer: column(rows, ({ layer }) => layer ?? NaN),
            head: column(rows, ({ head }) => head ?? NaN),
            ...ofSide(rows, 'rows', outliers),
            ...ofSide(rows, 'columns', outliers),
            histogram: padded(rows, bins, ({ counts }) => counts),
            normal: padded(rows, bins, ({ statistics }) => normalCounts(statistics, bins)),
            edges: padded(rows, bins + 1, ({ statistics: { min, max } }) =>
              histogramEdges(min, max, bins)
            )
          },
          leftOut.length > 0 ? { left_out: leftOut } : {}
        )
      },
      state: () => ({})
    }
  }
}

/** Rows, or columns, of one matrix whose norms and variances are given. */
const mostGiven = 2 ** 20

/** Null of what is no matrix. */
function lengthOf({ statistics: { sides } }: Row, side: Side): number | null {
  return sides?.[side].norms.length ?? null
}

function isGiven(row: Row, side: Side): boolean {
  return (lengthOf(row, side) ?? Infinity) <= mostGiven
}

/** What the rows or the columns of each matrix are like. */
function ofSide(rows: readonly Row[], side: Side, outliers: number): Record<string, NumberArray> {
  const one = sideName[side]
  const found = rows.map(({ statistics: { sides } }) => {
    const of = sides?.[side] ?? null
    const z = of && modifiedZScores(of.norms)
    // Where most norms are equal no score is defined.
    const places = z ? largestPlaces(z, outliers) : []
    const outlying = z ? z.reduce((count, value) => count + Number(Math.abs(value) > 3.5), 0) : NaN
    return { of, places, outlying, scores: places.map(at => z![at]!) }
  })
  const quartilesOf = (what: keyof SideStatistics) =>
    padded(found, 5, ({ of }) => (of ? quartiles(of[what]) : []))
  const [only] = rows.length === 1 && isGiven(rows[0]!, side) ? found : []
  return {
    [`variance_${side}`]: quartilesOf('variances'),
    [`norm_${side}`]: quartilesOf('norms'),
    [`outlying_${side}`]: column(found, ({ outlying }) => outlying),
    [`outlier_${side}`]: padded(found, outliers, ({ places }) => places),
    [`outlier_${one}_norm`]: padded(found, outliers, ({ of, places }) =>
      places.map(at => of!.norms[at]!)
    ),
    [`outlier_${one}_z`]: padded(found, outliers, ({ scores }) => scores),
    ...(only?.of && {
      [`${one}_norm`]: only.of.norms,
      [`${one}_variance`]: only.of.variances
    })
  }
}

/** How many of its numbers the fitted normal distribution has in each range. */
function normalCounts(
  { count, nan, infinite, mean, std, min, max }: TensorStatistics,
  bins: number
): Float64Array {
  const below = (i: number) => normalBelow((min + ((max - min) * i) / bins - mean) / std)
  return Float64Array.from(
    { length: bins },
    (_, i) => (count - nan - infinite) * (below(i + 1) - below(i))
  )
}
