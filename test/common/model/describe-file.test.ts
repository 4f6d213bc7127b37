import { describe, expect, it } from 'vitest'
import { filledIn, LamellaFile, specOf } from '#common/model/describe-file.ts'
import type { WrittenDescription } from '#common/model/describe-file.ts'
import { firstFault } from '#common/model/first-fault.ts'

const linear = (name: string) => ({ weight: `h.{l}.${name}` })
const each = {
  attention: {
    projections: {
      layout: 'separate' as const,
      query: linear('q'),
      key: linear('k'),
      value: linear('v')
    },
    output: linear('o')
  },
  mlp: {
    kind: 'plain' as const,
    input: linear('in'),
    output: linear('out'),
    activation: 'relu' as const
  }
}
const model: WrittenDescription = {
  nHeads: 2,
  nKeyValueHeads: 2,
  dModel: 8,
  dHead: 4,
  dMlp: 16,
  dVocab: 10,
  nCtx: 32,
  causal: true,
  embedding: { tokens: 'emb' },
  blocks: { count: 3, each }
}

const parsed = (json: unknown) => LamellaFile.parse(json)
const fault = (json: unknown) => firstFault(LamellaFile.safeParse(json).error!)

describe('lamella.json', () => {
  it('may say nothing', () => {
    expect(parsed({})).toEqual({ sampleText: null })
  })

  it('holds blocks that differ in their number once', () => {
    const { blocks } = specOf(parsed({ model }).model!)
    expect(blocks).toHaveLength(3)
    expect(blocks.map(({ attention }) => attention.output?.weight)).toEqual([
      'h.0.o',
      'h.1.o',
      'h.2.o'
    ])
  })

  it('holds other blocks one by one', () => {
    const listed = { ...model, blocks: [0, 1, 2].map(layer => filledIn(each, layer)) }
    expect(specOf(parsed({ model: listed }).model!)).toEqual(specOf(parsed({ model }).model!))
  })

  it.each([
    ['an unknown field', { text: 'x' }, '"text" is not known'],
    [
      'an unknown field of the model',
      { model: { ...model, layers: 3 } },
      'model: "layers" is not known'
    ],
    [
      'a field that is missing',
      { model: { ...model, nHeads: undefined } },
      /^model\.nHeads: .*number/
    ],
    [
      'no blocks',
      { model: { ...model, blocks: { count: 0, each } } },
      /^model\.blocks\.count: expected at least 1/
    ],
    [
      'too many',
      { model: { ...model, blocks: { count: 1e9, each } } },
      /^model\.blocks\.count: expected at most/
    ],
    [
      'a fault within the block written once',
      {
        model: {
          ...model,
          blocks: { count: 1, each: { ...each, mlp: { ...each.mlp, activation: 'x' } } }
        }
      },
      /^model\.blocks\.each\.mlp\.activation: expected "/
    ],
    [
      'a fault within a block of a list',
      {
        model: {
          ...model,
          blocks: [each, { ...each, attention: { ...each.attention, output: 1 } }]
        }
      },
      /^model\.blocks\.1\.attention\.output: expected an object/
    ],
    ['a name of nothing', { name: ' ' }, /^name: expected at least 1/]
  ])('is refused with %s, named by its path', (_, json, message) => {
    expect(fault(json)).toMatch(message)
  })
})
