import type { Said } from './plot.ts'

/** Python as it stands within a block. */
export function indented(python: string): string {
  return python.replaceAll(/^(?=.)/gm, '    ')
}

/** A text as Python reads it: JSON's texts are Python's. */
export function pythonText(text: string): string {
  return JSON.stringify(text)
}

/** A value as Python writes it, with `nan` and `inf` at hand. */
export function pythonValue(value: Said): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return pythonNumber(value)
  if (typeof value === 'string') return pythonText(value)
  if (isList(value)) return `[${value.map(pythonValue).join(', ')}]`
  const own = Object.entries(value).map(([name, of]) => `${pythonText(name)}: ${pythonValue(of)}`)
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
