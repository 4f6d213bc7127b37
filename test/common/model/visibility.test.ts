import { describe, expect, it } from 'vitest'
import {
  sees,
  visibleKeys,
  widestVisibility,
  type Visibility
} from '../../../src/common/model/visibility.ts'

const size = 5
const kinds: [string, Visibility, string[]][] = [
  ['causal', { causal: true, reach: null }, ['x....', 'xx...', 'xxx..', 'xxxx.', 'xxxxx']],
  [
    'causal, a window of 2',
    { causal: true, reach: 1 },
    ['x....', 'xx...', '.xx..', '..xx.', '...xx']
  ],
  ['all', { causal: false, reach: null }, ['xxxxx', 'xxxxx', 'xxxxx', 'xxxxx', 'xxxxx']],
  [
    'a window to both sides',
    { causal: false, reach: 1 },
    ['xx...', 'xxx..', '.xxx.', '..xxx', '...xx']
  ]
]

describe('which keys a query sees', () => {
  it.each(kinds)('%s', (_, visibility, rows) => {
    const seen = rows.map((row, query) => {
      const { start, end } = visibleKeys(visibility, query, size)
      return [...row].map((_, key) => (key >= start && key < end ? 'x' : '.')).join('')
    })
    expect(seen).toEqual(rows)
    const asked = rows.map((row, query) =>
      [...row].map((_, key) => (sees(visibility, query, key) ? 'x' : '.')).join('')
    )
    expect(asked).toEqual(rows)
  })
})

describe('what a query sees in any of some layers', () => {
  it.each<[readonly Visibility[], Visibility | null]>([
    [[], null],
    [[{ causal: true, reach: 4 }], { causal: true, reach: 4 }],
    [
      [
        { causal: true, reach: 2 },
        { causal: true, reach: 4 }
      ],
      { causal: true, reach: 4 }
    ],
    [
      [
        { causal: true, reach: 2 },
        { causal: true, reach: null }
      ],
      { causal: true, reach: null }
    ],
    [
      [
        { causal: false, reach: 2 },
        { causal: true, reach: 3 }
      ],
      { causal: false, reach: 3 }
    ]
  ])('of %j is %j', (layers, widest) => expect(widestVisibility(layers)).toEqual(widest))
})
