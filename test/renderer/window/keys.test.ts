import { describe, expect, it } from 'vitest'
import { keysText, parseKeys, pressed } from '../../../src/renderer/src/window/keys.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('parseKeys', () => {
  it('takes chords apart', () => {
    expect(parseKeys('Mod+Shift+T')).toEqual({ key: 'T', mod: true, alt: false, shift: true })
    expect(parseKeys('[')).toEqual({ key: '[', mod: false, alt: false, shift: false })
    expect(parseKeys('+')).toEqual({ key: '+', mod: false, alt: false, shift: false })
    expect(parseKeys('Mod++')).toEqual({ key: '+', mod: true, alt: false, shift: false })
  })

  it.each(['Mod+', 'Super+K', '', '+K'])('refuses %j', keys =>
    expect(() => parseKeys(keys)).toThrow(`invalid keys: ${keys}`)
  )
})

describe('pressed', () => {
  it('takes Ctrl, or Cmd on a Mac, and not the other', () => {
    const chord = parseKeys('Mod+K')
    expect(pressed(chord, { ...none, key: 'k', ctrlKey: true }, false)).toBe(true)
    expect(pressed(chord, { ...none, key: 'k', metaKey: true }, false)).toBe(false)
    expect(pressed(chord, { ...none, key: 'k', metaKey: true }, true)).toBe(true)
    expect(pressed(chord, { ...none, key: 'k', ctrlKey: true }, true)).toBe(false)
    expect(pressed(chord, { ...none, key: 'k' }, false)).toBe(false)
  })

  it('wants Shift for letters exactly, and takes signs however they are typed', () => {
    const press = { ...none, ctrlKey: true, shiftKey: true }
    expect(pressed(parseKeys('Mod+T'), { ...press, key: 'T' }, false)).toBe(false)
    expect(pressed(parseKeys('Mod+Shift+T'), { ...press, key: 'T' }, false)).toBe(true)
    expect(pressed(parseKeys('?'), { ...none, shiftKey: true, key: '?' }, false)).toBe(true)
    expect(pressed(parseKeys('/'), { ...none, shiftKey: true, key: '/' }, false)).toBe(true)
  })
})

describe('keysText', () => {
  it('reads as the system writes it', () => {
    expect(keysText('Mod+Shift+T', false)).toBe('Ctrl+Shift+T')
    expect(keysText('Mod+Shift+T', true)).toBe('⇧⌘T')
    expect(keysText('Mod+Enter', false)).toBe('Ctrl+↵')
  })
})
