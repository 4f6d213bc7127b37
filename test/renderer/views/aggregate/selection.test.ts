import { describe, expect, it } from 'vitest'
import {
  AggregateOptions,
  foundHeads,
  type HeadSelection
} from '../../../../src/renderer/src/views/aggregate/selection.ts'

const place = { layer: 1, head: 2, nLayers: 3, nHeads: 4 }
const found = (own: Partial<HeadSelection>) =>
  foundHeads({ how: 'mean', of: 'all', list: '', ...own }, place)

describe('foundHeads', () => {
  it('takes all, those of the block, the one that is looked at, or those that are typed', () => {
    expect(found({})).toMatchObject({ name: 'Mean of all heads', heads: null, layers: [0, 1, 2] })
    expect(found({ of: 'block', how: 'max' })).toMatchObject({
      name: 'Maximum of the heads of block 1',
      layers: [1]
    })
    expect(found({ of: 'block' }).heads).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3]
    ])
    expect(found({ of: 'head' })).toMatchObject({ name: 'Head 1.2', heads: [[1, 2]], layers: [1] })
    expect(found({ of: 'list', list: ' 2.1, 0.3 ', how: 'min' })).toMatchObject({
      name: 'Minimum of heads 2.1, 0.3',
      heads: [
        [0, 3],
        [2, 1]
      ],
      layers: [0, 2]
    })
    expect(found({ of: 'list', list: '2.1' }).name).toBe('Head 2.1')
  })

  it('says what is wrong with what is typed, and asks for nothing', () => {
    expect(found({ of: 'list', list: '9.0' })).toMatchObject({
      fault: '9.0: layers go from 0 to 2',
      layers: []
    })
  })

  it('rolls out through all layers up to the block', () => {
    expect(found({ how: 'rollout', of: 'head' })).toMatchObject({
      name: 'Rollout after block 1',
      heads: null,
      layers: [0, 1]
    })
  })
})

it('has a setting for each that is not understood', () => {
  expect(AggregateOptions.parse({ how: 'sum', of: 7 })).toEqual({
    how: 'mean',
    of: 'all',
    list: '',
    less: 'nothing',
    lessList: ''
  })
})
