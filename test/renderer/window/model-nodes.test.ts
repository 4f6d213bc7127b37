import { describe, expect, it } from 'vitest'
import type { TensorInfo } from '../../../src/common/contract/schemas.ts'
import { matchingNode, modelNode } from '../../../src/renderer/src/window/explorers/model-nodes.ts'
import { model } from '../fake-client.ts'

function tensor(
  name: string,
  layer: number | null,
  category: TensorInfo['category'] = 'attention'
): TensorInfo {
  const shape = [4, 8]
  return {
    name,
    category,
    layer,
    dtype: 'F32',
    shape,
    parameters: 32,
    bytes: 128,
    file: 'm',
    tiedTo: null
  }
}
const gpt = model('gpt', {
  path: '/models/\u202egpt',
  tensors: [
    tensor('wte.weight', null, 'embedding'),
    tensor('h.0.attn.c_attn.weight', 0),
    tensor('h.1.attn.c_attn.weight', 1),
    tensor('h.1.mlp.c_fc.weight', 1, 'mlp'),
    tensor('h.10.odd', null),
    tensor('classifier.1.weight', null, 'unembedding'),
    tensor('deep.2', 2),
    tensor('ln_f.weight', null, 'norm')
  ]
})
const named = { name: 'gpt', where: '' }
const lines = (node: ReturnType<typeof modelNode>) =>
  node.children!.map(({ label, children }) => [label, ...(children ?? []).map(c => c.label)])

describe('modelNode', () => {
  it('tells where the model lies', () => {
    expect(modelNode(gpt, named).title).toBe('/models/⟨202E⟩gpt')
  })

  it('says in a word why a session stands in for it', () => {
    const away = modelNode(model('gpt', { absent: 'missing' }), named)
    expect(away).toMatchObject({ note: 'missing', absent: true })
    expect(modelNode(gpt, named)).toMatchObject({ note: gpt.family ?? '', absent: false })
  })

  it('is called as it is among those that are open', () => {
    const mine = { name: 'gpt', where: 'mine' }
    expect(modelNode(gpt, mine).label).toBe('gpt · mine')
    expect(matchingNode(gpt, mine, 'block').label).toBe('gpt · mine')
  })

  it('has a line a block, with its tensors, and what is in none before and after', () => {
    expect(lines(modelNode(gpt, named))).toEqual([
      ['embed', 'wte.weight'],
      ['block 0', 'attn.c_attn.weight'],
      ['block 1', 'attn.c_attn.weight', 'mlp.c_fc.weight'],
      ['block 2', 'deep.2'],
      ['unembed', 'h.10.odd', 'classifier.1.weight', 'ln_f.weight']
    ])
  })

  it('opens what nobody knows by its tensors, and lists no more than can be looked through', () => {
    const tensors = Array.from({ length: 1000 }, (_, i) => tensor(`t${i}`, null, 'other'))
    const [part] = modelNode(model('odd', { config: null, tensors }), named).children!
    expect(part!.label).toBe('tensors')
    expect(part!.children).toHaveLength(301)
    expect(part!.children!.at(-1)).toMatchObject({ label: 'and 700 more', kind: 'rest' })
  })
})

describe('matchingNode', () => {
  const found = (query: string) =>
    matchingNode(gpt, named, query).children!.map(({ label }) => label)

  it('finds blocks, heads and tensors by their names', () => {
    expect(found('block 1')).toEqual(['block 1'])
    expect(found('2.3')).toEqual(['block 2'])
    expect(found('head')).toEqual(['block 0', 'block 1', 'block 2'])
    expect(found('C_ATTN')).toEqual(['h.0.attn.c_attn.weight', 'h.1.attn.c_attn.weight'])
    expect(found('h.1 weight')).toEqual(['h.1.attn.c_attn.weight', 'h.1.mlp.c_fc.weight'])
    expect(found('nothing')).toEqual([])
  })
})
