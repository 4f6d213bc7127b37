import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { torchCalls } from '#common/figure/notebook/torch-calls.ts'
import type { Again, Provenance } from '#common/figure/provenance.ts'

const from = (again: Again): Provenance => ({
  ...{ version: '1', less: null, precision: 'float32', again },
  of: {
    ...{ model: 'it\'s "a" model\n', fingerprint: '', input: { text: '\ud800 "\\' }, edits: [] },
    ...{ provider: 'cpu', place: '' }
  }
})
const plain = torchCalls(from({ none: 'for a test' }))!
const pythons: string[] = []
const asked = (view: string, params: Readonly<Record<string, unknown>>) => {
  const python = torchCalls(from({ view, params }))!
  pythons.push(python)
  return python
}

describe('what PyTorch computes in the place of a view', () => {
  it('is of the layer, head or heads that it shows', () => {
    expect(asked('attention', { layer: 1, head: 2 })).toContain('(attentions[1, 2]).numpy()')
    const heads = [
      [0, 1],
      [1, 3]
    ]
    expect(asked('aggregate', { how: 'max', heads })).toContain('in [[0,1],[1,3]]]).amax(0)')
    expect(asked('aggregate', { how: 'constructor' })).toContain('.flatten(0, 1).mean(0)')
    expect(asked('rollout', { layer: 1 })).toContain('attentions[: 1 + 1]')
  })

  it('is nothing of a name that every object has, and of layers that are no numbers', () => {
    for (const view of ['constructor', 'toString', '__proto__']) expect(asked(view, {})).toBe(plain)
    expect(asked('attention', { layer: '0]; x', head: 1.5 })).toBe(plain)
    expect(asked('aggregate', { heads: [[null, '\n']], layers: null })).toBe(
      asked('aggregate', { heads: [['x']] })
    )
    expect(asked('aggregate', { layers: [{ a: 1 }] })).toBe(plain)
    // Such as would be no Python: one without a layer, and heads that are no pairs.
    expect(asked('attention', { head: 1 })).toBe(plain)
    for (const heads of [[[null, 1]], [1, 2]]) expect(asked('aggregate', { heads })).toBe(plain)
  })

  it('is nothing of a difference, nor of what hides the first token: PyTorch gives other numbers', () => {
    const whole = from({ view: 'attention', params: { layer: 1, head: 2 } })
    expect(torchCalls({ ...whole, less: { ...whole.of, place: 'Head 0.0' } })).toBe(plain)
    expect(asked('attention', { layer: 1, head: 2, first_token: 'hidden' })).toBe(plain)
    expect(asked('attention', { layer: 1, head: 2, first_token: 'shown' })).not.toBe(plain)
  })

  const hasPython = spawnSync('python3', ['--version']).status === 0
  it.skipIf(!hasPython)('is Python', () => {
    const code = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)'
    const told = spawnSync('python3', ['-c', code], { input: JSON.stringify([plain, ...pythons]) })
    expect(told.stderr.toString()).toBe('')
  })
})
