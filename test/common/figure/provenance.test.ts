import { expect, it } from 'vitest'
import { provenanceLines } from '#common/figure/provenance.ts'

it('a provenance says program, model, place, input, edits, provider and precision, in plain letters', () => {
  const lines = provenanceLines({
    version: '0.1.0',
    model: 'a\u202emodel',
    fingerprint: 'abc',
    input: { text: 'To be\nor' },
    edits: [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }],
    provider: 'cpu',
    precision: 'float16',
    place: 'Head 0.1'
  })
  expect(lines).toEqual([
    'Made by Lamella 0.1.0',
    'Model: a⟨202E⟩model, files abc',
    'Head 0.1',
    'Text: To be⟨0A⟩or',
    'Edits: head 2.1 ablated',
    'Computed by: cpu, kept in float16'
  ])
})
