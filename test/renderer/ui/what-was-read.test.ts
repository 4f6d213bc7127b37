import { expect, it } from 'vitest'
import { whatWasRead } from '../../../src/renderer/src/ui/head-scores/what-was-read.ts'

it('says how many windows were read, how long they are where texts are cut, and what was left out', () => {
  const read = (attributes: Parameters<typeof whatWasRead>[0]['attributes']) =>
    whatWasRead({ attributes })
  expect(read({ windows: 3, window: 192, left_out: ['a', 'b'] })).toEqual({
    text: '3 windows; left out: a and 1 more',
    inFull: '3 windows of up to 192 tokens; left out: a and 1 more',
    left: ['a', 'b']
  })
  expect(read({ windows: 1, window: null })).toMatchObject({ inFull: '1 window' })
  expect(read({})).toBeNull()
})
