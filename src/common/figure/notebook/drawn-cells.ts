import type { Dataset } from '../../data/dataset.ts'
import type { KeptDrawing } from '../drawing.ts'
import { foundInData, type Found } from './found-in-data.ts'
import { besideParts, plotOf } from './kind-plots.ts'
import type { Numbers, Said } from './plot.ts'
import { plotCode } from './plot-code.ts'
import { pythonText, pythonValue } from './python.ts'

/** What a notebook says and does to draw a figure again. */
export interface DrawnCells {
  /** Python: what the figure says beside its numbers. */
  readonly said: string
  /** Python: what draws its forms. */
  readonly forms: string
  /** Arrays that are not in the data. */
  readonly own: readonly string[]
  /** Variables of the data that the others are taken from. */
  readonly used: readonly string[]
  /** Markdown: which of its arrays come from the data. */
  readonly about: string
  /** Python: takes the arrays from the data and draws. */
  readonly code: string
}

/** CSS pixels an inch. */
const pixelsPerInch = 96

/** Of a figure, one part or several in a row. */
export function drawnCells({ parts, names, title }: KeptDrawing, dataset: Dataset): DrawnCells {
  const all = parts.flatMap((part, i) => besideParts(part, names[i] ?? ''))
  const plots = all.map(({ part }) => plotOf(part))
  const own: string[] = []
  const used = new Set<string>()
  const calls = plots.map(({ form, numbers, said }, i) => {
    const beside: Record<string, Said> = { ...said }
    const prefix = plots.length === 1 ? '' : `${String.fromCharCode(97 + i)}_`
    const lines = Object.entries(numbers).map(([name, array]) => {
      const found = foundInData(array, dataset)
      const place = `FIGURE[${i}]`
      const kept = (what: string, value: Said) => {
        beside[`${what}.${name}`] = value
        return `${place}[${pythonText(`${what}.${name}`)}]`
      }
      if (found === null) own.push(`${prefix}${name}`)
      for (const [, name] of found?.python.matchAll(/\bdata\["([\w.]+)"\]/g) ?? []) used.add(name!)
      return `${prefix}${name} = ${takenText(array, found, kept)}`
    })
    const given = Object.keys(numbers).map(name => `, ${name}=${prefix}${name}`)
    const call = `draw_${form}(parts[${i}], FIGURE[${i}]${given.join('')})`
    const heading = [all[i]!.name, typeof said['title'] === 'string' ? said['title'] : '']
    const text = printable(heading.filter(part => part !== '').join('\n'))
    const letters = Math.max(20, Math.floor(plots[i]!.size.width / pixelsPerLetter))
    const wrapped = `"\\n".join(textwrap.wrap(${pythonText(text)}, ${letters}))`
    const titled = text === '' ? [] : [`parts[${i}].suptitle(${wrapped}, fontsize=9)`]
    return { beside, lines, draw: [call, ...titled] }
  })
  const inches = (pixels: number) => (pixels / pixelsPerInch).toFixed(2)
  const width = inches(plots.reduce((sum, { size }) => sum + size.width, 0))
  const height = inches(Math.max(...plots.map(({ size }) => size.height)))
  return {
    said: `FIGURE = [\n${printable(calls.map(({ beside }) => pythonValue(beside)).join(',\n'))}\n]`,
    forms: plotCode(plots.map(({ form }) => form)),
    own,
    used: [...used],
    about: aboutOf(own),
    code: [
      takenCode,
      ...calls.flatMap(({ lines }) => lines),
      '',
      `fig = plt.figure(figsize=(${width}, ${height}), dpi=120, layout="constrained")`,
      ...(title === undefined ? [] : [`fig.suptitle(${pythonText(title)})`]),
      `parts = fig.subfigures(1, ${plots.length}, squeeze=False)[0]`,
      ...calls.flatMap(({ draw }) => draw),
      'plt.show()'
    ].join('\n')
  }
}

const takenCode = `def taken(values, at):
    """Numbers in the order that the figure has them in; none where it draws none."""
    return np.where(np.array(at) < 0, nan, values.ravel()[at])


def without(values, runs):
    """Numbers but those that the figure does not draw."""
    values = np.array(values, dtype=float)
    for start, length in runs:
        values.reshape(-1)[start : start + length] = nan
    return values


# Each array that is drawn, from the data.`

/** CSS pixels that a letter of a title takes. */
const pixelsPerLetter = 6.5

/** Signs of the direction of writing are letters to matplotlib. */
function printable(text: string): string {
  return text.replaceAll(/[\u200e\u200f\u2066-\u2069]/g, '')
}

/** Python that takes an array from the data. @param kept keeps what it needs beside them, and says how Python has it */
function takenText(
  numbers: Numbers,
  found: Found | null,
  kept: (what: string, value: Said) => string
): string {
  if (found === null)
    return `np.array(${kept('own', Array.from(numbers.values))})${reshaped(numbers)}`
  const { python, at, without } = found
  const taken = at === null ? python : python.replace(/\bat\b(?=\))/, kept('at', at))
  return without === undefined ? taken : `without(${taken}, ${kept('none', without)})`
}

function reshaped({ shape }: Numbers): string {
  return shape.length === 1 ? '' : `.reshape(${shape.join(', ')})`
}

function aboutOf(own: readonly string[]): string {
  const all =
    'What is drawn is taken from the data below: which variable, at which index, turned how.'
  if (own.length === 0) return all
  return `${all} Not in the data as such, but the figure's own, are ${own.map(name => `\`${name}\``).join(', ')}.`
}
