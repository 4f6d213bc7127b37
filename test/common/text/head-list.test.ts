import { describe, expect, it } from 'vitest'
import { parseHeads } from '#common/text/head-list.ts'

const widths = { nLayers: 3, nHeads: 2 }

describe('parseHeads', () => {
  it.each([
    ['0.1', [[0, 1]]],
    [
      ' 2.0,0.1  2.0 ',
      [
        [0, 1],
        [2, 0]
      ]
    ],
    [
      '1.*',
      [
        [1, 0],
        [1, 1]
      ]
    ],
    [
      '1-2.0',
      [
        [1, 0],
        [2, 0]
      ]
    ],
    [
      '*.0-0',
      [
        [0, 0],
        [1, 0],
        [2, 0]
      ]
    ]
  ])('reads %j', (text, heads) => expect(parseHeads(text, widths)).toEqual(heads))

  it.each([
    ['', 'Name some heads, such as 0.1, 2.*'],
    ['1', '1: expected a layer and a head, such as 0.1, 2.* or 3-5.0'],
    ['0.1, 2-1.0', '2-1.0: expected a layer and a head, such as 0.1, 2.* or 3-5.0'],
    ['0.1-', '0.1-: expected a layer and a head, such as 0.1, 2.* or 3-5.0'],
    ['3.0', '3.0: layers go from 0 to 2'],
    ['0.2', '0.2: heads go from 0 to 1'],
    ['0-9.0', '0-9.0: layers go from 0 to 2']
  ])('says what is wrong with %j', (text, fault) => expect(parseHeads(text, widths)).toBe(fault))
})
