import { expect, it } from 'vitest'
import { timeFor } from '../../../src/main/reader/time-for.ts'

const limits = { memory: 0, time: 60_000, tokenizerTime: 20_000, chatTime: 500, chatClock: 1_200 }
const from = { folder: null, config: {}, characters: null }

it('lets a text take the longer the longer it is', () => {
  const encoding = (text: string) =>
    timeFor({ id: 0, call: 'encode', argument: { from, text, specials: true } }, limits)
  expect(encoding('').processor).toBe(60_000)
  expect(encoding('x'.repeat(10_000_000))).toEqual({
    processor: 60_000 + 2_000_000,
    clock: Infinity
  })
})

it('lets a tokenizer and all else take what is theirs', () => {
  expect(timeFor({ id: 0, call: 'tokenizer', argument: from }, limits).processor).toBe(20_000)
  expect(timeFor({ id: 0, call: 'mask', argument: { from } }, limits).processor).toBe(60_000)
})

it('ends a chat template by the clock, too', () => {
  const folder = { path: '/model', roots: [] }
  const request = { turns: [], template: null, generationPrompt: false }
  expect(timeFor({ id: 0, call: 'chat', argument: { folder, request } }, limits)).toEqual({
    processor: 500,
    clock: 1_200
  })
})
