/** The part of a keyboard event that tells which keys are down. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** A key with its modifiers, taken apart. `mod` is Ctrl, or Cmd on a Mac. */
export interface KeyChord {
  readonly key: string
  readonly mod: boolean
  readonly alt: boolean
  readonly shift: boolean
}

const modifiers = ['Mod', 'Alt', 'Shift']

/**
 * Takes `Mod+Shift+P` apart.
 * @throws RangeError when the key is missing or a modifier is unknown
 */
export function parseKeys(keys: string): KeyChord {
  const [, held = '', key] = /^((?:[^+]+\+)*)([^+]+|\+)$/.exec(keys) ?? []
  const parts = held.split('+').filter(Boolean)
  const unknown = parts.find(part => !modifiers.includes(part))
  if (key === undefined || unknown !== undefined) throw new RangeError(`invalid keys: ${keys}`)
  return {
    key,
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift')
  }
}

/** Whether a key press is this chord. Signs such as `?` count as typed, whatever it takes to type them. */
export function pressed(chord: KeyChord, press: KeyPress, mac: boolean): boolean {
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  if (mod !== chord.mod || other || press.altKey !== chord.alt) return false
  if (press.key.toLowerCase() !== chord.key.toLowerCase()) return false
  const sign = chord.key.length === 1 && !/[a-z0-9]/i.test(chord.key)
  return sign || press.shiftKey === chord.shift
}

const names: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Enter: '↵',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn'
}

/** A chord as it is shown: `Ctrl+Shift+T`, or `⇧⌘T` on a Mac. */
export function keysText(keys: string, mac: boolean): string {
  const { key, mod, alt, shift } = parseKeys(keys)
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  if (mac) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`
  return [mod && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join('+')
}

/** Whether this machine's command key is Cmd. */
export const onMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform)
