import { expect, it } from 'vitest'
import {
  mostCorners,
  ProjectorOptions
} from '../../../../src/renderer/src/views/projector/projector-options.ts'

const usual = ProjectorOptions.parse({})

it.each([
  ['method', 'lda'],
  ['dimensions', 4],
  ['components', [0, 1, 2]],
  ['components', [1, 2]],
  ['angle', { turn: NaN, tip: 0 }],
  ['clusters', 9],
  ['clusterNames', { of: 'a', names: { 0: 7 } }],
  ['seed', 2 ** 32],
  ['points', 2],
  ['neighbours', 1],
  ['frame', -1],
  ['lasso', { of: 'a', outline: Array(2 * mostCorners + 2).fill(0) }]
])('%s as a stranger’s session has it, %j, falls back alone', (name, value) => {
  expect(ProjectorOptions.parse({ method: 'tsne', unit: true, [name]: value })).toEqual({
    ...usual,
    ...{ method: name === 'method' ? usual.method : 'tsne', unit: true }
  })
})

it('keeps a line with as many corners as are drawn', () => {
  const lasso = { of: 'a', outline: Array<number>(2 * mostCorners).fill(0.5), angle: null }
  expect(ProjectorOptions.parse({ lasso }).lasso).toEqual(lasso)
})
