import { describe, expect, it } from 'vitest'
import { lengthsApart } from '#common/model/vocabulary.ts'
import {
  chosenLength,
  lengthsAfterClick
} from '../../../../src/renderer/src/views/vocabulary/vocabulary-options.ts'

const any = { least: 0, most: null }

describe('a bar of lengths', () => {
  it.each([0, 1, lengthsApart - 1, lengthsApart])(
    'of %i characters is chosen by a click, and no more by a second one',
    length => {
      const once = lengthsAfterClick(any, length)
      expect(chosenLength(once)).toBe(length)
      expect(lengthsAfterClick(once, length)).toEqual(any)
    }
  )

  it('has its own length alone, the last all that are longer too', () => {
    expect(lengthsAfterClick(any, 3)).toEqual({ least: 3, most: 3 })
    expect(lengthsAfterClick({ least: 3, most: 3 }, lengthsApart)).toEqual({
      least: lengthsApart,
      most: null
    })
  })

  it('is none where any length, or several, are looked for', () => {
    expect(chosenLength(any)).toBeNull()
    expect(chosenLength({ least: 2, most: 5 })).toBeNull()
    expect(chosenLength({ least: 2, most: null })).toBeNull()
  })
})
