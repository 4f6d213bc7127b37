import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { numberText } from '#common/text/number-text.ts'
import {
  changedTensors,
  changeWords,
  listedTensors
} from '../../../../src/renderer/src/views/checkpoints/changed-tensors.ts'

const column = (...data: number[]) => ({
  ...{ axes: ['tensor'], unit: '', about: '' },
  data: Float64Array.from(data)
})
const result = dataset(
  { tensor: axis(['h.10.w', 'h.2.w', 'bias', 'nan']) },
  {
    difference: column(3, 4, 0, NaN),
    relative: column(0.5, 0.4, 0, NaN),
    cosine: column(0.9, 0.8, 1, NaN),
    largest: column(1, 2, 0, NaN),
    changed: column(1, 0.5, 0, NaN),
    norm: column(6, 8, 0, NaN),
    other_norm: column(7, 9, 0, NaN)
  }
)
const tensors = changedTensors(result)
const plain = { sort: null, filter: '', changedOnly: false }
const names = (options: Partial<Parameters<typeof listedTensors>[1]>) =>
  listedTensors(tensors, { ...plain, ...options }).map(({ name }) => name)

it('lists tensors as the files have them, by a number or by their names', () => {
  expect(names({})).toEqual(['h.10.w', 'h.2.w', 'bias', 'nan'])
  expect(names({ sort: { by: 'relative', descending: true } })).toEqual([
    ...['h.10.w', 'h.2.w', 'bias', 'nan']
  ])
  expect(names({ sort: { by: 'cosine', descending: false } })).toEqual([
    ...['h.2.w', 'h.10.w', 'bias', 'nan']
  ])
  expect(names({ sort: { by: 'name', descending: false } })).toEqual([
    ...['bias', 'h.2.w', 'h.10.w', 'nan']
  ])
})

it('lists those of some words, and what changed or cannot be told', () => {
  expect(names({ filter: 'H .w' })).toEqual(['h.10.w', 'h.2.w'])
  expect(names({ changedOnly: true })).toEqual(['h.10.w', 'h.2.w', 'nan'])
})

it('says how much of all changed', () => {
  const { title, text } = changeWords(tensors, numberText)
  expect(title).toBe('2 of 4 tensors changed')
  // √(3² + 4²) / √(6² + 8²)
  expect(text).toContain('‖b − a‖ is 0.500 of ‖a‖')
  expect(text).toContain('h.10.w changed most, by 0.500')
  expect(text).toContain('1 tensor holds NaN or infinite numbers')
})

it('says that nothing changed', () => {
  const same = tensors.filter(({ name }) => name === 'bias')
  expect(changeWords(same, numberText).title).toBe('Nothing changed')
})
