import { describe, expect, it } from 'vitest'
import { boxesOf, type Architecture } from '#common/model/architecture.ts'
import { architectureDiagram } from '../../../../src/main/architecture/diagram/diagram.ts'
import { families } from '../../../golden/families.ts'
import { goldenSpec } from '../golden-models.ts'

async function diagramOf(name: string) {
  const { spec, tensors } = await goldenSpec(name)
  return { spec, tensors, diagram: architectureDiagram(spec, tensors) }
}

/** The steps of a section in short: what goes through, and what is added. */
function stepsOf({ sections }: Architecture, at: number): string[] {
  return sections[at]!.steps.map(
    ({ adds, branches }) =>
      `${adds ? '+ ' : ''}${branches.map(rows => rows.map(row => row.map(({ name }) => name).join(' | ')).join(', ')).join(' ∥ ')}`
  )
}

describe('the diagram of a model', () => {
  it.each(families)(
    'of %s has boxes of tensors that there are, and every layer once',
    async name => {
      const { spec, tensors, diagram } = await diagramOf(name)
      const boxes = diagram.sections.flatMap(boxesOf)
      for (const { tensors: own } of boxes)
        for (const tensor of own) expect([...tensors.keys()]).toContain(tensor)
      const layers = diagram.sections.flatMap(({ layers }) => layers)
      expect(layers.toSorted((a, b) => a - b)).toEqual(spec.blocks.map((_, layer) => layer))
      for (const box of boxes) {
        expect(box.shape === null).toBe(box.tensors.length === 0)
        expect(Number.isInteger(box.parameters)).toBe(true)
      }
    }
  )

  it.each([
    'gpt2',
    'gptj',
    'llama',
    'bloom',
    'opt',
    'mixtral',
    'qwen2_moe',
    'gpt_oss',
    'gemma3',
    'bert'
  ])('of %s has all elements of the blocks in the files', async name => {
    const { tensors, diagram } = await diagramOf(name)
    const inBlocks = /(?:^|\.)(?:h|layers?|blocks)\.\d+\./
    // Buffers that old files keep are no weights.
    const buffers = /\.(?:attn|attention)\.(?:bias|masked_bias)$|inv_freq$|rotary_emb/
    let stored = 0
    for (const [tensor, { shape }] of tensors)
      if (inBlocks.test(tensor) && !buffers.test(tensor))
        stored += shape.reduce((product, size) => product * size, 1)
    const drawn = diagram.sections.reduce(
      (sum, { layers, parameters }) => sum + layers.length * parameters,
      0
    )
    expect(drawn).toBe(stored)
  })

  it('has norms before, after, around, and branches side by side', async () => {
    const gpt2 = (await diagramOf('gpt2')).diagram
    expect(stepsOf(gpt2, 1)).toEqual([
      '+ LayerNorm, W_Q W_K W_V, Attention, W_O',
      '+ LayerNorm, W_in, gelu-tanh, W_out'
    ])
    expect(stepsOf((await diagramOf('bert')).diagram, 1)).toEqual([
      '+ W_Q | W_K | W_V, Attention, W_O',
      'LayerNorm',
      '+ W_in, gelu, W_out',
      'LayerNorm'
    ])
    expect(stepsOf((await diagramOf('gptj')).diagram, 1)).toEqual([
      '+ LayerNorm, W_Q | W_K | W_V, Rotary positions, Attention, W_O ∥ LayerNorm, W_in, gelu-tanh, W_out'
    ])
    expect(stepsOf((await diagramOf('gemma2')).diagram, 1)).toEqual([
      '+ RMSNorm, W_Q | W_K | W_V, Rotary positions, Grouped-query attention, W_O, RMSNorm',
      '+ RMSNorm, W_gate | W_in, gelu-tanh(gate) × in, W_out, RMSNorm'
    ])
  })

  it('has experts behind a router, the shared one beside them, and sinks', async () => {
    expect(stepsOf((await diagramOf('mixtral')).diagram, 1).at(-1)).toBe(
      '+ RMSNorm, Router, W_gate | W_in, silu(gate) × in, W_out'
    )
    const shared = stepsOf((await diagramOf('qwen2_moe')).diagram, 1).at(-1)
    expect(shared).toContain('Gate')
    const sinks = (await diagramOf('gpt_oss')).diagram
    expect(stepsOf(sinks, 1)[0]).toContain('Sinks, Grouped-query attention')
  })

  it('has each kind of layer once, with the layers that are so', async () => {
    const { spec, diagram } = await diagramOf('gpt_neo')
    const kinds = new Set(spec.blocks.map(({ attention: { reach } }) => reach)).size
    expect(kinds).toBe(2)
    expect(diagram.sections).toHaveLength(2 + kinds)
    expect(diagram.sections[1]!.layers).not.toContain(diagram.sections[2]!.layers[0])
  })

  it('says what is tied, shared by layers, and grouped', async () => {
    const notes = async (name: string) => JSON.stringify((await diagramOf(name)).diagram)
    expect(await notes('gpt2')).toContain('tied: W_E turned over')
    expect(await notes('albert')).toContain('one set of weights for all')
    expect(await notes('llama')).toContain('Grouped-query attention')
    expect(await notes('bloom')).toContain('linear biases (ALiBi)')
    expect(await notes('mpnet')).toContain('relative positions')
    expect(await notes('mpnet')).toContain('some weights shared by layers')
    expect(await notes('gptj')).toContain('the one of attention')
    // A quarter of 12, and pairs turn.
    expect(await notes('gpt_neox')).toContain('4 of 12 dimensions turn')
  })
})
