import { expect, it } from 'vitest'
import { cacheListing } from '../../../src/renderer/src/window/shown-listing.ts'

it('a cache is listed as models that open, with their size', () => {
  const models = [{ name: 'openai-community/gpt2', path: '/c/x', bytes: 548_105_171 }]
  expect(cacheListing(models)).toEqual({
    parent: null,
    truncated: false,
    entries: [{ name: 'openai-community/gpt2', path: '/c/x', kind: 'model', note: '523 MB' }]
  })
})
