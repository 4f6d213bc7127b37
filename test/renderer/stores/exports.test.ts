import { describe, expect, it } from 'vitest'
import {
  numbersOf,
  type ExportFormat,
  type SavedData,
  type SavedFigure
} from '../../../src/renderer/src/stores/exports.ts'

const figure = (note: string) => ({ is: 'figure', title: 'why', note }) as SavedFigure
const data = (note: string) => ({ is: 'data', title: 'why', note }) as SavedData

describe('the numbers of a figure', () => {
  const [sum, parts, heads] = [figure('sum'), figure('parts'), figure('heads')]
  const [whole, ofSum, each] = [data(''), data('sum'), data('every part')]

  it('are those of its name, in whatever order they stand, or else of the view as a whole', () => {
    const all: ExportFormat[] = [sum, parts, heads, whole, ofSum, each]
    expect([sum, parts, heads].map(own => numbersOf(own, all))).toEqual([ofSum, whole, whole])
  })

  it('are those at its place where none of them has a name', () => {
    const [first, second] = [figure(''), figure('')]
    const [one, two] = [data(''), data('')]
    expect(numbersOf(second, [first, second, one, two])).toBe(two)
  })

  it('are those at its place where several are of the view as a whole, or any that there are', () => {
    const second = data('')
    expect(numbersOf(parts, [sum, parts, whole, second])).toBe(second)
    expect(numbersOf(sum, [sum, each])).toBe(each)
    expect(numbersOf(sum, [sum])).toBe(null)
  })
})
