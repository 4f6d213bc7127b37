import { expect, it } from 'vitest'
import { anisotropy, rowNorms } from '#common/analysis/embeddings/anisotropy.ts'

it('is the mean cosine of different rows, whatever their lengths; rows of zeros have none', () => {
  const data = Float32Array.of(3, 0, 0, 0, 5, 5, 0, 2)
  const matrix = { rows: 4, width: 2, data }
  const norms = rowNorms(matrix)
  expect([...norms]).toEqual([3, 0, Math.sqrt(50), 2])
  const root = Math.SQRT1_2
  expect(anisotropy(matrix, norms)).toBeCloseTo((root + 0 + root) / 3, 12)
  expect(anisotropy({ rows: 2, width: 2, data: data.slice(0, 4) }, norms.slice(0, 2))).toBeNaN()
})
