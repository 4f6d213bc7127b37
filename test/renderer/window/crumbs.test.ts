import { describe, expect, it } from 'vitest'
import { crumbs } from '../../../src/renderer/src/window/crumbs.ts'

describe('crumbs', () => {
  it('leads from the root to the folder', () => {
    expect(crumbs('/home/ada')).toEqual([
      { name: '/', path: '/' },
      { name: 'home', path: '/home' },
      { name: 'ada', path: '/home/ada' }
    ])
  })
  it('reads a drive', () => {
    expect(crumbs('C:\\models\\gpt2').map(({ path }) => path)).toEqual([
      'C:\\',
      'C:\\models',
      'C:\\models\\gpt2'
    ])
  })
  it('keeps a backslash in a name of a Unix folder', () => {
    expect(crumbs('/a\\b').map(({ name }) => name)).toEqual(['/', 'a\\b'])
  })
  it('has none for no path', () => expect(crumbs('')).toEqual([]))
})
