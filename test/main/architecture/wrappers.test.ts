import { expect, it } from 'vitest'
import { namings } from '../../../src/main/architecture/wrappers.ts'

const table = (names: readonly string[]) =>
  new Map(names.map(name => [name, { dtype: 'F32', shape: [1] } as const]))

it('tries the words that most names begin with first, and few where there are very many names', () => {
  const prefixes = (names: readonly string[]) => [...namings(table(names))].map(of => of.prefix)
  expect(prefixes(['a.b.x', 'a.b.y', 'a.c', 'd.x', 'd.y'])).toEqual(['a.', 'd.', 'a.b.'])
  const many = Array.from({ length: 60_000 }, (_, i) => `m${i % 50}.t${i}`)
  expect(prefixes(many)).toHaveLength(5)
  const deep = 'a.b.c.d.e.f.g.h.'
  expect(prefixes([`${deep}i.x`, `${deep}i.y`])).toContain(deep)
})

it('leaves wrappers’ words out wherever they stand, and nothing that only contains them', () => {
  const names = ['_orig_mod.a._orig_mod.w', 'b_orig_mod.w']
  const [first] = namings(table(names))
  expect(first).toEqual({
    ...{ prefix: '', words: ['_orig_mod'] },
    stored: new Map([
      ['a.w', '_orig_mod.a._orig_mod.w'],
      ['b_orig_mod.w', 'b_orig_mod.w']
    ])
  })
})
