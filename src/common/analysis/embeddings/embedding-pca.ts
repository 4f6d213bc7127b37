import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { tokenLabel } from '../../model/token.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { principalComponents } from '../principal-components.ts'
import { anisotropy, rowNorms } from './anisotropy.ts'
import { collectedWeights, Embedding, wantedEmbedding } from './embedding-matrix.ts'
import { dot, meanRow } from './vectors.ts'

const EmbeddingPcaParams = z.strictObject({
  /** The embedding. */
  of: Embedding.default('input'),
  /** Components whose scores are given, the first ones. */
  components: z.int().min(1).max(64).default(3)
})
type EmbeddingPcaParams = z.infer<typeof EmbeddingPcaParams>

const gives: readonly Given[] = [
  {
    name: 'pca_ratio',
    axes: ['component'],
    unit: '',
    about: 'share of the whole variance along each principal component'
  },
  {
    name: 'pca_scores',
    axes: ['token', 'score'],
    unit: '',
    about: 'each row less the mean, along the first components; of each the largest is positive'
  },
  { name: 'norms', axes: ['token'], unit: '', about: 'Euclidean norm of each row' },
  { name: 'mean_norm', axes: [], unit: '', about: 'norm of the mean row' },
  {
    name: 'anisotropy',
    axes: [],
    unit: '',
    about: 'mean cosine over all pairs of different rows, without rows of zeros'
  },
  { name: 'zero_rows', axes: [], unit: '', about: 'rows of zeros' }
]

/** How the rows of the embedding matrix lie: along which directions, how long, and how much alike. */
export const embeddingPca: Analysis<EmbeddingPcaParams> = {
  name: 'embedding-pca',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: EmbeddingPcaParams,
  about: {
    what: 'The principal components of the embedding matrix, each token’s scores along the first of them, the norm of each token’s row, and how much alike rows are in the mean (anisotropy).',
    formulas: [
      'pca: eigenvectors of the covariance of rows less the mean row; ratio = eigenvalue / sum of all',
      'norm = ‖x‖',
      'anisotropy = (‖Σ x/‖x‖‖² − n) / (n (n − 1)) = mean over i ≠ j of cos(x_i, x_j)'
    ],
    sources: [
      'Jolliffe 2002, Principal Component Analysis',
      'Ethayarajh 2019, “How Contextual are Contextualized Word Representations?”: anisotropy'
    ],
    read: 'A share that falls slowly from component to component: the tokens fill the space, and a picture of two or three of them leaves most out. Rare tokens are often short, or lie together.',
    baseline:
      'Rows drawn at random have an anisotropy near 0, and shares near 1 / d_model where there are many more tokens than dimensions.'
  },
  gives,
  needs: ({ of }, model) => ({ ...nothing, weights: [wantedEmbedding(of, model)] }),

  start({ of, components }, model) {
    const weights = collectedWeights(model)
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const matrix = weights.of(wantedEmbedding(of, model))
        const { rows, width, data } = matrix
        const count = Math.min(components, rows, width)
        const { ratio, scores } = principalComponents(data, [rows, width], { count })
        const norms = rowNorms(matrix)
        const mean = meanRow(matrix)
        return givenDataset(
          gives,
          {
            component: axis(ratio.length),
            token: axis(rows),
            score: axis(Array.from({ length: count }, (_, i) => `PC ${i + 1}`))
          },
          {
            pca_ratio: ratio,
            pca_scores: scores,
            norms,
            mean_norm: Float64Array.of(Math.sqrt(dot(mean, mean))),
            anisotropy: Float64Array.of(anisotropy(matrix, norms)),
            zero_rows: Int32Array.of(norms.filter(norm => norm === 0).length)
          }
        )
      },
      state: () => ({})
    }
  },

  async described(result, naming) {
    const { length } = result.axes['token']!
    const tokens = await naming.tokens([...Array(length).keys()])
    return { ...result, axes: { ...result.axes, token: axis(tokens.map(tokenLabel)) } }
  }
}
