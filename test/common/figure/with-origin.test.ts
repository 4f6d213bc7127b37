import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { withOrigin } from '#common/figure/with-origin.ts'

const from: Provenance = {
  ...{ version: '1', less: null, precision: 'float32' },
  of: {
    ...{ model: 'm', fingerprint: 'f', input: { text: 'ab' }, ids: [3, 5], edits: [] },
    ...{ provider: 'cpu', place: 'Heads' }
  },
  again: { view: 'atlas-map', params: {} }
}
const own = dataset({}, {}, { model: 'm' })

it('numbers name the command that makes a file of their own ending', () => {
  for (const ending of ['csv', 'json', 'npz', 'safetensors'] as const)
    expect((withOrigin(own, from, ending).attributes['from'] as string[]).at(-1)).toMatch(
      new RegExp(`--out numbers\\.${ending}$`)
    )
})

it('numbers of a text have the ids that it was read as, once', () => {
  expect(withOrigin(own, from, 'npz').attributes).toMatchObject({ model: 'm', input_ids: [3, 5] })
  const less = { ...from, less: { ...from.of, ids: [3, 6] } }
  expect(withOrigin(own, less, 'npz').attributes).toMatchObject({
    ...{ input_ids: [3, 5], less_input_ids: [3, 6] }
  })
  const ids = { axes: ['pos'], unit: '', about: '', data: Int32Array.of(3, 5) }
  const known = dataset({ pos: axis(2) }, { input_ids: ids })
  expect(withOrigin(known, from, 'npz').attributes).not.toHaveProperty('input_ids')
  const ofIds = { ...from, of: { ...from.of, input: { ids: [3, 5] }, ids: undefined as never } }
  expect(withOrigin(own, ofIds, 'npz').attributes).not.toHaveProperty('input_ids')
})
