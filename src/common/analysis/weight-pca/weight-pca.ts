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
import { principalComponents, type PrincipalComponents } from '../principal-components.ts'
import { column, padded } from '../tensor-rows.ts'

const WeightPcaParams = z.strictObject({
  ...chosenTensors,
  /** Whether each column is divided by its standard deviation first. */
  standardised: z.boolean().default(false),
  /** Components whose scores are given. */
  components: z.int().min(1).max(16).default(2)
})
type WeightPcaParams = z.infer<typeof WeightPcaParams>

const single = (name: string, about: string): Given => ({ name, axes: ['tensor'], unit: '', about })

const gives: readonly Given[] = [
  {
    name: 'pca_ratio',
    axes: ['tensor', 'component'],
    unit: '',
    about: 'share of the variance of the rows along each component, the largest first'
  },
  {
    name: 'pca_cumulative',
    axes: ['tensor', 'component'],
    unit: '',
    about: 'share of the components up to each'
  },
  {
    name: 'pca_scores',
    axes: ['tensor', 'row', 'scored'],
    unit: '',
    about:
      'each row less the mean, along the first components; the score of largest magnitude is positive'
  },
  single(
    'variance',
    'Σ over columns of the variance of the rows, of one degree of freedom less than rows'
  ),
  single('rows', 'rows of the matrix: its first axis'),
  single('columns', 'columns of the matrix'),
  single('layer', 'the block that it is of'),
  single('head', 'the head that it is of')
]

/** Scores that a result has room for. */
const mostScores = 2 ** 20

/** What is kept of a matrix. */
interface Row extends Pick<WholeTensor, 'name' | 'layer' | 'head'>, PrincipalComponents {
  readonly shape: readonly [number, number]
}

/** Along which directions the rows of each matrix vary. */
export const weightPca: Analysis<WeightPcaParams> = {
  name: 'weight-pca',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: WeightPcaParams,
  about: {
    what: 'The principal components of the rows of each matrix: how much of their variance lies along the first directions, and where each row lies along them.',
    formulas: [
      'X: the matrix less the mean of each column, divided by its standard deviation √(Σ (x − mean)² / rows) where that is asked for',
      'ratio(k) = σₖ² / Σ σ² of the singular values of X; scores = X · the first right singular vectors'
    ],
    sources: ['Pearson 1901; Jolliffe 2002, "Principal Component Analysis", sections 2 and 3.5'],
    read: 'Rows are the first axis of a tensor as it is stored: of an embedding one a token, of positions one a position. A weight by its role is [in, out]. Signs of components are free. A column that does not vary is not divided.',
    baseline:
      'Rows without any structure spread their variance alike: a ratio of about 1 / the shorter side each.'
  },
  gives,

  needs: (params, model) => ({
    ...nothing,
    ...choiceOf(params, model, ({ shape }) => shape.length === 2)
  }),

  start({ standardised, components }, model) {
    const rows: Row[] = []
    const left: string[] = []
    const take = wholeTensors(model, ({ data, shape, ...tensor }) => {
      const [height = 0, width = 0] = shape
      if (shape.length !== 2 || data.length === 0) {
        left.push(`${tensor.name}: of [${shape.join(', ')}], is no matrix`)
        return
      }
      const count = Math.min(components, height, width)
      const found = principalComponents(data, [height, width], { count, standardised })
      rows.push({ ...tensor, ...found, shape: [height, width] })
    })
    return {
      begin: () => undefined,
      take,
      result() {
        checkAny(rows, model)
        const longest = (of: (row: Row) => number) =>
          rows.reduce((length, row) => Math.max(length, of(row)), 0)
        const [width, height] = [
          longest(({ ratio }) => ratio.length),
          longest(({ shape }) => shape[0])
        ]
        const areScored = rows.length === 1 || rows.length * height * components <= mostScores
        return givenDataset(
          gives,
          {
            tensor: axis(rows.map(({ name }) => name)),
            component: axis(width),
            ...(areScored && { row: axis(height), scored: axis(components) })
          },
          {
            pca_ratio: padded(rows, width, ({ ratio }) => ratio),
            pca_cumulative: padded(rows, width, ({ ratio }) => {
              let sum = 0
              return ratio.map(share => (sum += share))
            }),
            ...(areScored && {
              pca_scores: padded(rows, height * components, row => scoresOf(row, components))
            }),
            variance: column(rows, ({ variances }) => variances.reduce((sum, own) => sum + own, 0)),
            rows: column(rows, ({ shape }) => shape[0]),
            columns: column(rows, ({ shape }) => shape[1]),
            layer: column(rows, ({ layer }) => layer ?? NaN),
            head: column(rows, ({ head }) => head ?? NaN)
          },
          {
            ...(left.length > 0 && { left_out: left }),
            ...(!areScored && {
              scores: `left out of ${rows.length} matrices of up to ${height} rows; they are given of one at a time`
            })
          }
        )
      },
      state: () => ({})
    }
  }
}

/** [row, component]; NaN for components that a small matrix does not have. */
function scoresOf({ scores, shape: [height] }: Row, components: number): Float64Array {
  const count = scores.length / height
  return Float64Array.from({ length: height * components }, (_, i) => {
    const [row, component] = [Math.floor(i / components), i % components]
    return component < count ? scores[row * count + component]! : NaN
  })
}
