import { expect, it } from 'vitest'
import { runKey } from '../../../../src/main/workbench/run/run-key.ts'
import { sha256 } from '../../../../src/main/files/sha256.ts'

it('a run is kept under what graphs compute, its model, provider, tokens and edits', () => {
  const model = { path: '/m', fingerprint: 'f' }
  const source = { model, edits: [], provider: 'cpu' as const }
  const edit = { hook: 'hook_embed', at: {}, scale: 0, add: null }
  // Raised by hand with what graphs compute: a key of the same computation must never be another.
  const of = ['computation 2', 'f', 'cpu', '1 2']
  expect(runKey(source, [1, 2])).toBe(sha256([...of, '[]']))
  expect(runKey({ ...source, edits: [edit] }, [1, 2])).toBe(sha256([...of, JSON.stringify([edit])]))
})
