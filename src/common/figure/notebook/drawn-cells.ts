import type { Dataset } from '../../data/dataset.ts'
import type { KeptDrawing, KeptPart } from '../drawing.ts'
import { paperLook } from '../look.ts'
import type { SharedBar } from '../one-bar.ts'
import { numberText } from '../../text/number-text.ts'
import { pixelsOfPoints, pointsOfPixels } from '../units.ts'
import { foundInData, type Found } from './found-in-data.ts'
import { besideParts, plotOf, type SizedPlot } from './kind-plots.ts'
import type { Numbers, Said } from './plot.ts'
import { plotCode } from './plot-code.ts'
import { pageGrid, type PlottedPage } from './plotted-page.ts'
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

/** A figure of a kind that is drawn, which part of which panel it is, and what stands above it. */
interface Drawn {
  readonly part: KeptPart
  readonly panel: number
  readonly name: string
  /** Left out where that is as its own look has it. */
  readonly bar?: SharedBar | undefined
}

/** Of a figure, one part or several in a row, or of a page of panels as they stand on it. */
export function drawnCells(figure: KeptDrawing | PlottedPage, dataset: Dataset): DrawnCells {
  const all = drawnParts(figure)
  const letters = isPage(figure) ? pixelsOfPoints(figure.points) : paperLook.size
  const plots = all.map(({ part, bar }) => plotOf(part, letters, bar))
  const own: string[] = []
  const used = new Set<string>()
  const calls = plots.map(({ form, numbers, said }, i) => {
    const beside: Record<string, Said> = { ...said }
    const prefix = plots.length === 1 ? '' : `${letterOf(i)}_`
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
    // On a page a panel has its own.
    const title = typeof said['title'] === 'string' && !isPage(figure) ? said['title'] : ''
    const heading = [all[i]!.name, title].filter(part => part !== '').join('\n')
    return { beside, lines, draw: [call, ...titled(`parts[${i}]`, heading)] }
  })
  return {
    said: `FIGURE = [\n${calls.map(({ beside }) => pythonValue(beside, printedText)).join(',\n')}\n]`,
    forms: plotCode(plots.map(({ form }) => form)),
    own,
    used: [...used],
    about: aboutOf(own),
    code: [
      takenCode,
      ...calls.flatMap(({ lines }) => lines),
      '',
      ...(isPage(figure) ? pageCode(figure, all) : figureCode(figure, plots)),
      ...calls.flatMap(({ draw }) => draw),
      'plt.show()'
    ].join('\n')
  }
}

function isPage(figure: KeptDrawing | PlottedPage): figure is PlottedPage {
  return 'panels' in figure
}

function drawnParts(figure: KeptDrawing | PlottedPage): Drawn[] {
  const partsOf = ({ parts, names }: KeptDrawing, panel: number) =>
    parts.flatMap((part, i) => besideParts(part, names[i] ?? '').map(own => ({ ...own, panel })))
  if (!isPage(figure)) return partsOf(figure, 0)
  return figure.panels.flatMap(({ drawing, width, height, bar }, i) => {
    const own = typeof drawing === 'string' ? [] : partsOf(drawing, i)
    const size = { width: width / own.length, height, ratio: 1 }
    return own.map(drawn => ({ ...drawn, part: { ...drawn.part, size }, bar }))
  })
}

/** `a` to `z`, then `a1` and so on. */
function letterOf(i: number): string {
  const letter = String.fromCharCode(97 + (i % 26))
  return i < 26 ? letter : `${letter}${Math.floor(i / 26)}`
}

/** As large as it is on the screen, its parts beside each other. */
function figureCode({ title }: KeptDrawing, plots: readonly SizedPlot[]): string[] {
  const width = plots.reduce((sum, { size }) => sum + size.width, 0)
  const height = Math.max(...plots.map(({ size }) => size.height))
  return [
    ...startCode({ width, height, points: pointsOfPixels(paperLook.size), hasSerifs: false }),
    ...(title === undefined ? [] : [`fig.suptitle(${printedText(title)})`]),
    `parts = fig.subfigures(1, ${plots.length}, squeeze=False)[0]`
  ]
}

/** The least inches across what is drawn: matplotlib takes more room around a map than a page has. */
const leastPart = 2.5

/** As large as it is printed, or larger where its narrowest part needs that; each panel where it stands. */
function pageCode(page: PlottedPage, all: readonly Drawn[]): string[] {
  const { widths, heights, cells } = pageGrid(page)
  const inches = (pixels: readonly number[]) => pixels.map(inchesOf).join(', ')
  const places = cells.map(({ rows, columns }) => `page[${rows.join(':')}, ${columns.join(':')}]`)
  const parts = page.panels.flatMap((_, i) => {
    const count = all.filter(({ panel }) => panel === i).length
    return count > 1 ? [`*panels[${i}].subfigures(1, ${count})`] : count > 0 ? [`panels[${i}]`] : []
  })
  const narrowest = Math.min(...all.map(({ part }) => part.size?.width ?? Infinity))
  const scale = Math.max(1, (leastPart * pixelsPerInch) / narrowest)
  const [width, height] = [page.width * scale, heights.reduce((sum, row) => sum + row, 0) * scale]
  return [
    ...(scale > 1
      ? [`# ${numberText(scale)} times as large as it is printed, its letters as they are.`]
      : []),
    ...startCode({ ...page, width, height }),
    '# The page, in inches as printed, cut along the sides of its panels.',
    `widths = [${inches(widths)}]`,
    `heights = [${inches(heights)}]`,
    'page = fig.add_gridspec(len(heights), len(widths), width_ratios=widths, height_ratios=heights)',
    `panels = [fig.add_subfigure(place) for place in [${places.join(', ')}]]`,
    ...page.panels.flatMap(({ heading, drawing }, i) => [
      ...headed(`panels[${i}]`, heading),
      ...(typeof drawing === 'string'
        ? [`panels[${i}].text(0, 0.5, ${filled(`panels[${i}]`, drawing)})`]
        : [])
    ]),
    `parts = [${parts.join(', ')}]`
  ]
}

function startCode({
  width,
  height,
  points,
  hasSerifs
}: Pick<PlottedPage, 'width' | 'height' | 'points' | 'hasSerifs'>): string[] {
  return [
    `plt.rcParams["font.size"] = ${Number(points.toFixed(2))}`,
    // Some fonts with serifs have no Hebrew letters.
    ...(hasSerifs ? ['plt.rcParams["font.family"] = ["serif", "DejaVu Sans"]'] : []),
    `fig = plt.figure(figsize=(${inchesOf(width)}, ${inchesOf(height)}), dpi=120, layout="constrained")`
  ]
}

function inchesOf(pixels: number): string {
  return (pixels / pixelsPerInch).toFixed(3)
}

/** Says above a part what it is; nothing where that is nothing. */
function titled(part: string, text: string): string[] {
  return text === '' ? [] : [`${part}.suptitle(${filled(part, text)})`]
}

/** Says above a panel how it is called: at its left end, in bold letters. */
function headed(panel: string, text: string): string[] {
  return text === ''
    ? []
    : [`${panel}.suptitle(${filled(panel, text)}, x=0, ha="left", weight="bold")`]
}

/** A text in lines that a part has room for. */
function filled(part: string, text: string): string {
  return `filled(${part}, ${printedText(text)})`
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

/** A text that matplotlib draws: signs of the direction of writing are letters to it. */
function printedText(text: string): string {
  return pythonText(text.replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
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
