import { describe, expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import { canonicalEdits } from '../../../../src/main/workbench/run/canonical-edits.ts'

const hook = 'blocks.0.attn.hook_z'
const zeroed = (at: Edit['at'], rest: Partial<Edit> = {}): Edit => ({
  hook,
  at,
  scale: 0,
  add: null,
  ...rest
})
const from = (edits: Edit[]): Edit['add'] => ({
  from: { input: { ids: [1] }, edits },
  hook,
  times: 1
})
const written = (edits: readonly Edit[]) => JSON.stringify(canonicalEdits(edits))

describe('canonicalEdits', () => {
  it.each([
    ['a range and its indices', zeroed({ pos: '1:4' }), zeroed({ pos: [3, 1, 2, 2] })],
    ['one index', zeroed({ head: [2] }), zeroed({ head: '2:3' })],
    ['axes in another order', zeroed({ head: [0], pos: [5] }), zeroed({ pos: [5], head: [0] })],
    [
      'those of the run that is added from',
      zeroed({}, { add: from([zeroed({ pos: '0:2' })]) }),
      zeroed({}, { add: from([zeroed({ pos: [1, 0] }), zeroed({}, { scale: 1 })]) })
    ]
  ])('writes %s alike', (_, one, other) => expect(written([one])).toBe(written([other])))

  it.each([
    ['a gap', zeroed({ pos: [1, 3] }), zeroed({ pos: '1:4' })],
    ['all and some', zeroed({}), zeroed({ pos: '0:5' })],
    ['another scale', zeroed({}), zeroed({}, { scale: 0.5 })]
  ])('tells %s apart', (_, one, other) => expect(written([one])).not.toBe(written([other])))

  it('leaves out what changes nothing', () => {
    expect(canonicalEdits([zeroed({}, { scale: 1 }), zeroed({}, { scale: 1, add: 0 })])).toEqual([])
  })
})
