import { cutBeforeFormula } from '../data/spreadsheet-cut.ts'
import { visibleText } from './visible-text.ts'

/**
 * A text as a shell (Bash, zsh, ksh) reads it as one word. Characters that are not seen stand by their bytes, so that a command is
 * one line, and the same command wherever it is shown; none is read as more than a word. So do commas and semicolons at which
 * a spreadsheet would cut the line before a formula: a table in CSV has the command as all other files do.
 */
export function shellWord(text: string): string {
  const cuts = new Set(Array.from(text.matchAll(cutBeforeFormula), ({ index }) => index))
  // zsh takes a word that begins with `=` for the path of a program.
  if (cuts.size === 0 && /^[\w./:,@+-][\w./:=,@+-]*$/.test(text)) return text
  if (cuts.size === 0 && visibleText(text) === text) return `'${text.replaceAll("'", "'\\''")}'`
  const own = text.toWellFormed().replaceAll(/[^]/gu, (sign, at: number) => {
    if (sign === '\\') return '\\\\'
    // A shell that does not know such words would end it at the sign itself, and run what follows.
    if (sign === "'" || cuts.has(at)) return bytes(sign)
    if (sign === '\n') return '\\n'
    return visibleText(sign) === sign ? sign : bytes(sign)
  })
  return `$'${own}'`
}

/** A path as the word of a command that it is asked of: one that begins with a hyphen would be read as an option. */
export function pathWord(path: string): string {
  return shellWord(asArgument(path))
}

/** The same before a shell has it. */
export function asArgument(path: string): string {
  return path.startsWith('-') ? `./${path}` : path
}

/** Its bytes as octal numbers, which end after three digits whatever follows. */
function bytes(sign: string): string {
  const own = Array.from(new TextEncoder().encode(sign))
  return own.map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
