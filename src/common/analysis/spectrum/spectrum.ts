import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import {
  checkAny,
  choiceOf,
  chosenTensors,
  wholeTensors,
  type WholeTensor
} from '../chosen-tensors.ts'
import { givenDataset } from '../given.ts'
import { rowMajorView } from '../matrix-product.ts'
import { singularValues } from '../singular-values.ts'
import { column, padded } from '../tensor-rows.ts'
import { powerLaw, type PowerLaw } from './power-law.ts'
import { bulkEdges, spectrumNumbers, type SpectrumNumbers } from './spectrum-numbers.ts'

const SpectrumParams = z.strictObject({
  ...chosenTensors,
  /** Singular values that are given of each matrix, the largest first; all enter the other numbers. */
  values: z.int().min(1).max(65_536).default(4096)
})
type SpectrumParams = z.infer<typeof SpectrumParams>

const single = (name: string, about: string): Given => ({ name, axes: ['tensor'], unit: '', about })

const ranks = [
  single('stableRank', '‖W‖² / σ₁²'),
  single('effectiveRank', 'exp of the entropy of σ / Σ σ'),
  single('effectiveRankEnergy', 'exp of the entropy of σ² / Σ σ²'),
  single('rank', 'singular values over σ₁ · the longer side · 2⁻⁵²'),
  single('conditionNumber', 'σ₁ / the smallest singular value')
] as const satisfies readonly Given[]

const laws = [
  single(
    'alpha',
    'exponent of the power law that the tail of λ = σ² follows: 1 + n / Σ ln(λ / xmin)'
  ),
  single('alphaSigma', 'its standard error, (alpha − 1) / √n'),
  single('xmin', 'where the tail begins'),
  single('ksDistance', 'max |F(λᵢ) − i/n| over the tail, i from 0'),
  single('tail', 'n: eigenvalues in the tail'),
  single('margin', 'how much larger ksDistance is of the next best beginning')
] as const satisfies readonly Given[]

const fits = [
  { prefix: '', distance: 'lower' },
  { prefix: 'exact_', distance: 'exact' }
] as const

const gives: readonly Given[] = [
  {
    name: 'singular_values',
    axes: ['tensor', 'value'],
    unit: '',
    about: 'σ, the largest first'
  },
  {
    name: 'cumulative',
    axes: ['tensor', 'value'],
    unit: '',
    about: 'Σ σ² up to each, by that of all: the share of the variance explained'
  },
  ...ranks,
  ...fits.flatMap(({ prefix, distance }) =>
    laws.map(given => ({
      ...given,
      name: `${prefix}${given.name}`,
      about: distance === 'exact' ? `of the two-sided distance: ${given.about}` : given.about
    }))
  ),
  single('bulk_lower', 'std · |√rows − √columns|: where a matrix of chance has its smallest σ'),
  single('bulk_upper', 'std · (√rows + √columns): where it has its largest'),
  single('above_bulk', 'singular values over bulk_upper, of those that count for the rank'),
  single('below_bulk', 'singular values under bulk_lower'),
  single('rows', 'rows of the matrix: its first axis'),
  single('columns', 'columns of the matrix'),
  single('layer', 'the block that it is of'),
  single('head', 'the head that it is of')
]

/** What is kept of a matrix. */
interface Row extends Pick<WholeTensor, 'name' | 'layer' | 'head'> {
  readonly shape: readonly [number, number]
  readonly values: Float64Array
  readonly numbers: SpectrumNumbers
  readonly fits: Readonly<Record<'lower' | 'exact', PowerLaw | null>>
  readonly bulk: ReturnType<typeof bulkEdges>
}

/** How the weight of each matrix is spread over directions: its singular values, and what follows from them. */
export const spectrum: Analysis<SpectrumParams> = {
  name: 'spectrum',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: SpectrumParams,
  about: {
    what: 'The singular values of each matrix: over how many directions it is spread, how much the first of them explain, whether the largest follow a power law, and which stand out of what chance would give.',
    formulas: [
      'W = U diag(σ) Vᵀ; cumulative(k) = Σ_{i ≤ k} σᵢ² / Σ σ²',
      'stableRank = ‖W‖² / σ₁²; effectiveRank = exp(−Σ p ln p), p = σ / Σ σ',
      'alpha = 1 + n / Σ ln(λᵢ / xmin) of the n eigenvalues λ = σ² from xmin on (of those that count for the rank), for the xmin of least ksDistance',
      'bulk: std · |√rows ± √columns|'
    ],
    sources: [
      'power law: Clauset, Shalizi & Newman 2009; of weights: Martin & Mahoney 2021',
      'effective rank: Roy & Vetterli 2007',
      'bulk: Marchenko & Pastur 1967'
    ],
    read: 'ksDistance is taken as plfit and the package powerlaw take it, at the lower side of each step; the variables that begin with exact_ are of the distance as it is defined, at both. An alpha between 2 and 6 is typical of layers that were trained; a fit of few eigenvalues or a large distance says little. Rows are the first axis of a tensor as it is stored; a weight by its role is [in, out]. A matrix that is not finite has no numbers. The smallest of a matrix without full rank are rounding, and so is its condition number then.',
    baseline:
      'A matrix of independent numbers of the same standard deviation has its singular values between bulk_lower and bulk_upper, but for a few at the edges.'
  },
  gives,

  needs: (params, model) => ({
    ...nothing,
    ...choiceOf(params, model, ({ shape }) => shape.length === 2)
  }),

  start({ values: most }, model) {
    const rows: Row[] = []
    const left: string[] = []
    const take = wholeTensors(model, ({ data, shape, ...tensor }) => {
      const [height = 0, width = 0] = shape
      if (shape.length !== 2 || data.length === 0) {
        left.push(`${tensor.name}: of [${shape.join(', ')}], is no matrix`)
        return
      }
      const values = singularValues(rowMajorView(data, height, width))
      const numbers = spectrumNumbers(values, Math.max(height, width))
      const eigenvalues = values.slice(0, numbers.rank || 0).map(value => value * value)
      const fits = { lower: powerLaw(eigenvalues, 'lower'), exact: powerLaw(eigenvalues, 'exact') }
      const bulk = bulkEdges(deviationOf(data), height, width)
      rows.push({ ...tensor, shape: [height, width], values, numbers, fits, bulk })
    })
    return {
      begin: () => undefined,
      take,
      result() {
        checkAny(rows, model)
        const longest = rows.reduce((length, { values }) => Math.max(length, values.length), 0)
        const width = Math.min(most, longest)
        const finite = (row: Row, count: (row: Row) => number) =>
          Number.isNaN(row.values[0]) ? NaN : count(row)
        return givenDataset(
          gives,
          { tensor: axis(rows.map(({ name }) => name)), value: axis(width) },
          {
            singular_values: padded(rows, width, ({ values }) => values),
            cumulative: padded(rows, width, ({ numbers }) => numbers.cumulative),
            ...Object.fromEntries(
              ranks.map(({ name }) => [name, column(rows, row => row.numbers[rankName(name)])])
            ),
            ...Object.fromEntries(
              fits.flatMap(({ prefix, distance }) =>
                laws.map(({ name }) => [
                  `${prefix}${name}`,
                  column(rows, row => row.fits[distance]?.[lawName(name)] ?? NaN)
                ])
              )
            ),
            bulk_lower: column(rows, ({ bulk }) => bulk.lower),
            bulk_upper: column(rows, ({ bulk }) => bulk.upper),
            above_bulk: column(rows, row =>
              finite(
                row,
                ({ values, numbers, bulk }) =>
                  values.filter((value, i) => i < numbers.rank && value > bulk.upper).length
              )
            ),
            below_bulk: column(rows, row =>
              finite(row, ({ values, bulk }) => values.filter(value => value < bulk.lower).length)
            ),
            rows: column(rows, ({ shape }) => shape[0]),
            columns: column(rows, ({ shape }) => shape[1]),
            layer: column(rows, ({ layer }) => layer ?? NaN),
            head: column(rows, ({ head }) => head ?? NaN)
          },
          {
            ...(left.length > 0 && { left_out: left }),
            ...(longest > width && {
              values: `the largest ${width} of up to ${longest} singular values are given; all enter the other numbers`
            })
          }
        )
      },
      state: () => ({})
    }
  }
}

function rankName(name: string): Exclude<keyof SpectrumNumbers, 'cumulative'> {
  return name as Exclude<keyof SpectrumNumbers, 'cumulative'>
}

function lawName(name: string): keyof PowerLaw {
  return name as keyof PowerLaw
}

/** The standard deviation of a matrix's numbers. */
function deviationOf(data: Float32Array): number {
  let sum = 0
  for (const value of data) sum += value
  const mean = sum / data.length
  let square = 0
  for (const value of data) square += (value - mean) ** 2
  return Math.sqrt(square / data.length)
}
