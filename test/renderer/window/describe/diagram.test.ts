import { describe, expect, it } from 'vitest'
import { inferDescription } from '../../../../src/main/architecture/describe/infer.ts'
import { diagramOf, nameWithin } from '../../../../src/renderer/src/window/describe/diagram.ts'
import * as dicts from '../../../main/architecture/describe/state-dicts.ts'

function drawn(shapes: Parameters<typeof dicts.tensorTable>[0], answers = {}) {
  const reading = inferDescription(dicts.tensorTable(shapes), { answers })
  return { reading, diagram: diagramOf(reading, reading.description!) }
}

/** The parts by their titles, and + where a sum is. */
const titles = (shapes: Parameters<typeof drawn>[0], answers = {}) =>
  drawn(shapes, answers).diagram.block.map(step => (step.kind === 'add' ? '+' : step.title))

describe('the diagram of a reading', () => {
  it('goes from the tokens through the blocks to the logits', () => {
    const { diagram } = drawn(dicts.hebrew)
    const text = (steps: typeof diagram.before) =>
      steps.map(step => (step.kind === 'add' ? '+' : `${step.title}: ${step.summary}`))
    expect(text(diagram.before)).toEqual([
      'Token embedding: 31 tokens, 128 wide',
      'Positions: learned, up to 192'
    ])
    expect(text(diagram.block)).toEqual([
      'Norm before attention: layer norm, ε 1e-5',
      'Attention: 4 heads of 32 · causal',
      '+',
      'Norm before the MLP: layer norm, ε 1e-5',
      'MLP: 128 → 512 → 128 · ReLU',
      '+'
    ])
    expect(text(diagram.after)).toEqual(['Final norm: layer norm, ε 1e-5', 'Unembedding: 128 → 31'])
    expect([diagram.blocks, diagram.place]).toEqual([4, 'encoder_layers.{l}.'])
  })

  it.each(Object.entries(dicts).filter(([, value]) => typeof value === 'object'))(
    'shows every assigned tensor of %s once',
    (_, shapes) => {
      const { reading, diagram } = drawn(shapes as typeof dicts.hebrew)
      const shown = [...diagram.before, ...diagram.block, ...diagram.after].flatMap(step =>
        step.kind === 'add' ? [] : step.tensors.map(({ tensor }) => tensor)
      )
      expect(shown.sort()).toEqual(reading.assigned.map(({ tensor }) => tensor).sort())
    }
  )

  it.each([
    ['pre', ['Norm before attention', 'Attention', '+', 'Norm before the MLP', 'MLP', '+']],
    ['post', ['Attention', '+', 'Norm after the sum', 'MLP', '+', 'Norm after the sum']],
    ['out', ['Attention', 'Norm after attention', '+', 'MLP', 'Norm after the MLP', '+']],
    ['parallel', ['Norm before attention', 'Attention', 'Norm before the MLP', 'MLP', '+']]
  ])('puts norms and sums where the answer %s does', (normPlace, expected) => {
    expect(titles(dicts.hebrew, { normPlace })).toEqual(expected)
  })

  it('says so where attention and MLP share a norm', () => {
    const shared = Object.fromEntries(
      Object.entries(dicts.hebrew).filter(([name]) => !name.includes('norm2'))
    )
    expect(titles(shared)).toEqual(['Norm before both', 'Attention', 'MLP', '+'])
  })

  it('shows the first of blocks that differ', () => {
    const { 'encoder_layers.2.linear1.bias': gone, ...differing } = dicts.hebrew as Record<
      string,
      number[]
    >
    expect(gone).toEqual([512])
    const { diagram } = drawn(differing)
    expect([diagram.blocks, diagram.place]).toEqual([4, ''])
    const mlp = diagram.block.find(step => step.kind === 'part' && step.part === 'mlp')
    expect(mlp?.kind === 'part' && mlp.tensors.map(({ tensor }) => tensor)).toEqual([
      'encoder_layers.0.linear1.weight',
      'encoder_layers.0.linear1.bias',
      'encoder_layers.0.linear2.weight',
      'encoder_layers.0.linear2.bias'
    ])
  })

  it('shortens names by what all of a block begin with', () => {
    expect(nameWithin('h.{l}.', 'h.{l}.mlp.weight')).toBe('mlp.weight')
    expect(nameWithin('h.{l}.', 'wte')).toBe('wte')
    expect(nameWithin('', 'wte')).toBe('wte')
  })
})
