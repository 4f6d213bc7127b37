import { withoutUnseen } from '../../text/visible-text.ts'
import type { Said } from './plot.ts'

/** Python as it stands within a block. */
export function indented(python: string): string {
  return python.replaceAll(/^(?=.)/gm, '    ')
}

/**
 * A text as Python reads it: JSON's texts are Python's. What is not seen, or reorders a line, is an escape, so that code runs as it
 * reads.
 */
export function pythonText(text: string): string {
  return withoutUnseen(JSON.stringify(text), character => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
  })
}

/** A value as Python writes it, with `nan` and `inf` at hand. @param textOf how its texts are written */
export function pythonValue(value: Said, textOf = pythonText): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return pythonNumber(value)
  if (typeof value === 'string') return textOf(value)
  if (isList(value)) return `[${value.map(own => pythonValue(own, textOf)).join(', ')}]`
  const own = Object.entries(value).map(
    ([name, of]) => `${textOf(name)}: ${pythonValue(of, textOf)}`
  )
  return `{${own.join(', ')}}`
}

function isList(value: Said): value is readonly Said[] {
  return Array.isArray(value)
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  return String(value)
}
