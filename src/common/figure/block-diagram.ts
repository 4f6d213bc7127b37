import { z } from 'zod'
import {
  Architecture,
  boxesOf,
  boxParts,
  type ArchitectureBox,
  type ArchitectureSection,
  type ArchitectureStep
} from '../model/architecture.ts'
import { spanOf } from '../data/span-of.ts'
import { countText, exactCount, shapeText } from '../text/number-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { titleLetters } from './bold-letters.ts'
import type { MapFigureKind } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

/** More than a model of a hundred kinds of blocks has. */
const mostParts = 5000

function partCount(sections: readonly ArchitectureSection[]): number {
  return sections.reduce(
    (sum, section) => sum + 1 + section.steps.length + boxesOf(section).length,
    0
  )
}

/** What a model is made of, from tokens above to logits below. */
export const BlockDiagramData = Architecture.extend({ title: z.string().nullable() }).refine(
  ({ sections }) => partCount(sections) <= mostParts,
  `expected at most ${mostParts} sections, steps and boxes`
)
export type BlockDiagramData = z.output<typeof BlockDiagramData>

/** A box and where it stands, in CSS pixels from the corner of the figure. */
export interface PlacedBox {
  readonly section: number
  readonly box: ArchitectureBox
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface BlockDiagramLayout {
  readonly width: number
  readonly height: number
  readonly boxes: readonly PlacedBox[]
  readonly marks: readonly Mark[]
}

const edge = 8
/** Of the residual stream. */
const rail = edge + 18
const left = rail + 22
/** Of a branch, where nothing else decides. */
const naturalBranch = 424
const betweenBranches = 16
const betweenBoxes = 6
const betweenRows = 12
const headHeight = 26
const padding = 6
/** Of a box beside what is written in it. */
const boxMargin = 20
const joint = 16

/** Where all that a diagram is of stands. @param width that it is drawn in; its own where it is left out */
export function blockDiagramLayout(
  data: BlockDiagramData,
  look: Look,
  width = widthWith(data, naturalBranch)
): BlockDiagramLayout {
  const inner = width - left - 2 * edge
  const branch = (inner - (mostBranches(data) - 1) * betweenBranches) / mostBranches(data)
  const boxes: PlacedBox[] = []
  const marks: Mark[] = []
  let y = data.title === null ? edge : titleRoom
  data.sections.forEach((section, index) => {
    const top = y
    y += headHeight + (hasTwoLines(section, width, look) ? lineHeight(look) : 0)
    const first = y
    const inside: Mark[] = []
    for (const step of section.steps) {
      const placed = stepLayout(step, index, y, { inner, branch }, look)
      for (const box of placed.boxes) boxes.push(box)
      for (const mark of placed.marks) inside.push(mark)
      y = placed.end + betweenRows
    }
    marks.push(
      ...frameMarks(section, look, { top, bottom: y, width }),
      line(look, [rail, first - 4], [rail, y + 10])
    )
    for (const mark of inside) marks.push(mark)
    y += 14
  })
  for (const box of boxes) marks.push(...boxMarks(box, look))
  marks.push(...titleMarks(data.title, look, { x: edge, y: 14, room: width - 2 * edge }))
  return { width, height: y + 2, boxes, marks }
}

/** The block as a model has it: the residual stream at the left, what reads it and is added to it at its right. */
export const blockDiagram: MapFigureKind<BlockDiagramData> = {
  name: 'block-diagram',
  data: BlockDiagramData,
  shows: () => 'Boxes: parts of the model with their shapes and parameters',
  resizes: 'width',

  natural(data, look) {
    const { width, height } = blockDiagramLayout(data, look)
    return { width, height, ratio: 1 }
  },

  least(data, look) {
    const all = data.sections.flatMap(section => boxesOf(section))
    const widest = spanOf(all.map(box => boxMargin + textRoom(box, look))).high
    const own = widthWith(data, Math.min(naturalBranch, Math.ceil(widest)))
    return { width: own, height: 0 }
  },

  panel(data, look, { ratio, width: wide }) {
    const { width, height, marks } = blockDiagramLayout(data, look, wide)
    return { kind: 'map', width, height, ratio, paper: look.paper, rasters: [], marks }
  }
}

function widthWith(data: BlockDiagramData, branch: number): number {
  const most = mostBranches(data)
  return left + most * branch + (most - 1) * betweenBranches + 2 * edge
}

/** Of a step, side by side. */
function mostBranches({ sections }: Pick<BlockDiagramData, 'sections'>): number {
  return Math.max(1, ...sections.flatMap(({ steps }) => steps.map(countBranches)))
}

function lineHeight({ size }: Pick<Look, 'size'>): number {
  return Math.ceil(1.27 * size)
}

function countBranches({ branches }: ArchitectureStep): number {
  return branches.length
}

/** What is written of a box: its name, what else is said, its shape and parameters. */
export function boxLines({ name, note, shape, parameters }: ArchitectureBox): string[] {
  const said = note === '' ? [] : [note]
  if (shape === null) return [visibleText(name), ...said]
  const size = shape.length === 1 ? `[${shape[0]}]` : shapeText(shape)
  // What is no matrix is small: a line has room for all of it.
  const all = `${size} · ${countText(parameters)}`
  return [
    visibleText(name),
    ...(shape.length === 1 ? [[...said, all].join(' · ')] : [...said, all])
  ]
}

/** All that is said of a box, for who does not see it, and where it is pointed at. */
export function boxWords(box: ArchitectureBox): string {
  const { name, note, shape, parameters } = box
  const count = `${exactCount(parameters)} ${parameters === 1 ? 'parameter' : 'parameters'}`
  return [
    visibleText(name),
    ...(note === '' ? [] : [note]),
    ...(shape === null ? ['no weights'] : [shapeText(shape), count])
  ].join(', ')
}

/** What is written of a box takes so much of its width. */
function textRoom(box: ArchitectureBox, look: Look): number {
  const lines = boxLines(box).map((text, i) =>
    textWidth(text, i === 0 ? nameOf(look) : saidOf(look))
  )
  return spanOf(lines).high
}

/** Many boxes of a row stand in two lines, and in as many as let what is written in them stand whole. */
function linesOf(
  row: readonly ArchitectureBox[],
  width: number,
  look: Look
): (readonly ArchitectureBox[])[] {
  const widest = spanOf(row.map(box => textRoom(box, look))).high + boxMargin
  const each = Math.max(1, Math.floor((width + betweenBoxes) / (widest + betweenBoxes)))
  const count = Math.max(row.length > 3 ? 2 : 1, Math.ceil(row.length / each))
  const ends = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * row.length) / count))
  return ends.slice(1).map((end, i) => row.slice(ends[i], end))
}

/** Of one of several beside each other. */
function boxWidth(width: number, count: number): number {
  return (width - (count - 1) * betweenBoxes) / count
}

function heightOf(row: readonly ArchitectureBox[], look: Look): number {
  return 2 * padding + spanOf(row.map(box => boxLines(box).length)).high * lineHeight(look)
}

function stepLayout(
  { adds, scale, branches }: ArchitectureStep,
  section: number,
  top: number,
  { inner, branch }: { readonly inner: number; readonly branch: number },
  look: Look
): { readonly boxes: PlacedBox[]; readonly marks: Mark[]; readonly end: number } {
  const boxes: PlacedBox[] = []
  const marks: Mark[] = []
  const start = adds ? top + joint : top
  const from = adds ? left : rail - 12
  let end = start
  branches.forEach((rows, column) => {
    const x = from + column * (branch + betweenBranches)
    const width = adds ? branch : left + inner - from
    const middle = x + width / 2
    let y = start
    rows.forEach((row, i) => {
      if (i > 0 && adds) marks.push(line(look, [middle, y - betweenRows], [middle, y]))
      for (const boxesOfLine of linesOf(row, width, look)) {
        const height = heightOf(boxesOfLine, look)
        const count = boxesOfLine.length
        const own = boxWidth(width, count)
        boxesOfLine.forEach((box, at) =>
          boxes.push({ section, box, x: x + at * (own + betweenBoxes), y, width: own, height })
        )
        y += height + betweenBoxes
      }
      y += betweenRows - betweenBoxes
    })
    end = Math.max(end, y - betweenRows)
  })
  if (!adds) return { boxes, marks, end }
  // What branches read leaves the stream above them, and what they give comes back below.
  const back = end + joint
  branches.forEach((_, column) => {
    const middle = from + column * (branch + betweenBranches) + branch / 2
    const own = boxes.filter(({ x }) => x >= middle - branch / 2 && x < middle + branch / 2)
    const low = spanOf(own.map(({ y, height }) => y + height)).high
    marks.push(
      line(look, [rail, top + 4], [middle, top + 4], [middle, start]),
      line(look, [middle, low], [middle, back], [rail, back])
    )
  })
  const plus = { ...titleLetters(look), color: look.ink }
  marks.push(
    {
      ...{ kind: 'rect', x: rail - 8, y: back - 8, width: 16, height: 16 },
      ...{ fill: look.paper, line: look.faint }
    },
    textMark({ ...plus, text: '+', x: rail, y: back, align: 'center' }),
    ...(scale === 1
      ? []
      : [
          textMark({
            ...{ text: `× ${scale.toPrecision(3)}`, x: rail + 14, y: back - 8 },
            ...{ font: look.sans, size: look.size - 1, color: look.faint }
          })
        ])
  )
  return { boxes, marks, end: back + 4 }
}

/** What a section is, and how many parameters it has. */
function headOf({ name, note, parameters, layers }: ArchitectureSection) {
  const each = layers.length > 1 ? ' each' : ''
  return {
    title: [name, note].filter(text => text !== '').join(' · '),
    count: `${exactCount(parameters)} parameters${each}`
  }
}

/** Whether that has no room beside each other. */
function hasTwoLines(section: ArchitectureSection, width: number, look: Look): boolean {
  const { title, count } = headOf(section)
  const words = { font: look.sans, size: look.size }
  const taken = textWidth(title, { ...words, weight: 600 }) + textWidth(count, words)
  return taken > width - 2 * (edge + 8) - 12
}

function frameMarks(
  section: ArchitectureSection,
  look: Look,
  { top, bottom, width }: { readonly top: number; readonly bottom: number; readonly width: number }
): Mark[] {
  const y = top + headHeight / 2
  const { title, count: text } = headOf(section)
  const words = { font: look.sans, size: look.size, room: width - 2 * (edge + 8) }
  const count = { ...words, text, color: look.faint }
  return [
    {
      ...{ kind: 'rect', x: edge, y: top, width: width - 2 * edge, height: bottom - top },
      ...{ fill: null, line: look.line }
    },
    textMark({ ...words, text: title, x: edge + 8, y, weight: 600, color: look.ink }),
    hasTwoLines(section, width, look)
      ? textMark({ ...count, x: edge + 8, y: y + lineHeight(look) })
      : textMark({ ...count, x: width - edge - 8, y, align: 'right' })
  ]
}

function nameOf({ mono: font, size }: Look) {
  return { font, size, weight: 600 } as const
}

function saidOf({ sans: font, size }: Look) {
  return { font, size: size - 0.5 }
}

function boxMarks({ box, x, y, width, height }: PlacedBox, look: Look): Mark[] {
  const lines = boxLines(box)
  const color = look.series[boxParts.indexOf(box.part)]!
  const room = width - boxMargin
  const top = y + height / 2 - ((lines.length - 1) * lineHeight(look)) / 2
  return [
    {
      ...{ kind: 'rect', x, y, width, height },
      ...{ fill: box.shape === null ? look.empty : look.paper, line: look.line, tip: boxWords(box) }
    },
    { kind: 'rect', x, y, width: 4, height, fill: color, line: null },
    ...lines.map((text, i) =>
      textMark({
        ...{ text, x: x + 12, y: top + i * lineHeight(look), room },
        ...(i === 0 ? { ...nameOf(look), color: look.ink } : { ...saidOf(look), color: look.faint })
      })
    )
  ]
}

function line(look: Look, ...points: (readonly [number, number])[]): Mark {
  return { kind: 'line', points, color: look.faint, width: 1.25, opacity: 1 }
}
