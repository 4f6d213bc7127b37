import type { Lettering } from './session-figure.ts'

/** The letter of a panel as it stands there; empty for none. */
export function panelLetter(index: number, lettering: Lettering): string {
  const letter = String.fromCharCode(97 + (index % 26))
  switch (lettering) {
    case '(a)':
      return `(${letter})`
    case 'a':
      return letter
    case 'A':
      return letter.toUpperCase()
    case 'none':
      return ''
  }
}

/** What stands above a panel: its letter, its title, both or nothing. */
export function panelHeading(index: number, lettering: Lettering, title: string): string {
  return [panelLetter(index, lettering), title.trim()].filter(part => part !== '').join(' ')
}

/** What a panel is called by in words, behind `panel`: its letter as it stands there or, where it has none, its number. */
export function panelMark(index: number, letter: string): string {
  return letter || String(index + 1)
}
