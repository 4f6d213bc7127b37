import { expect, it } from 'vitest'
import type { TransformerSpec } from '#common/model/spec.ts'
import type { Checkpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { fingerprintOf } from '../../../src/main/reader/fingerprint.ts'

const file = { label: 'w.safetensors', mark: '1 2 3', sample: 'ab' }
const entry = { dtype: 'F32', shape: [2, 3], strides: [3, 1], offset: 8 }

/** A model of one tensor in one file, of which something may be another. */
function fingerprint(
  other: Partial<typeof entry> & { readonly file?: Partial<typeof file>; readonly name?: string },
  config = '{}',
  described: unknown = null
): string {
  const { file: of, name = 'a', ...own } = other
  const held = { ...file, ...of }
  const tensors = new Map([[name, { ...entry, ...own, file: held }]])
  const checkpoint = { files: [held], tensors } as unknown as Checkpoint
  return fingerprintOf(checkpoint, config, described as TransformerSpec | null)
}

it('tells models apart by all that makes them other ones', () => {
  const own = fingerprint({})
  expect(fingerprint({})).toBe(own)
  const others = [
    fingerprint({ file: { mark: '1 2 4' } }),
    fingerprint({ file: { sample: 'ac' } }),
    fingerprint({ file: { label: 'v.safetensors' } }),
    fingerprint({ name: 'b' }),
    fingerprint({ dtype: 'I32' }),
    fingerprint({ shape: [3, 2] }),
    fingerprint({ strides: [1, 2] }),
    fingerprint({ offset: 12 }),
    fingerprint({}, '{"n_head": 2}'),
    fingerprint({}, '{}', { layers: 1 }),
    fingerprint({}, '{}', { layers: 2 })
  ]
  expect(new Set([own, ...others]).size).toBe(others.length + 1)
})
