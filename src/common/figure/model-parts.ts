import type { TensorInfo } from '../contract/schemas.ts'
import { spanOf } from '../data/span-of.ts'
import { inAnyLayer } from '../analysis/health/usual-sizes.ts'
import {
  boxesOf,
  type Architecture,
  type ArchitectureBox,
  type ArchitectureSection
} from '../model/architecture.ts'

/** A place in the model's space: along it, upwards, and towards the viewer; in widths of the residual stream. */
export type Place = readonly [along: number, up: number, near: number]

/** A box of a model's architecture that has weights, in the layer that it is of, as a cuboid. */
export interface ModelPart {
  readonly section: ArchitectureSection
  readonly box: ArchitectureBox
  /** Null of what is no block. */
  readonly layer: number | null
  readonly from: Place
  readonly to: Place
  /**
   * Where it is in order: line of layers and step in it, branch of that, row and box in that. Steps and rows have their places along the
   * model, lines, branches and boxes towards the viewer: none overlaps another.
   */
  readonly path: readonly [line: number, step: number, branch: number, row: number, box: number]
}

/** What is written at a place: a layer's number, or a section's name. */
export interface PlacedName {
  readonly text: string
  readonly at: Place
}

export interface ModelParts {
  readonly parts: readonly ModelPart[]
  readonly names: readonly PlacedName[]
  /** Where a side of a matrix is folded, in widths of the residual stream: none within the blocks is longer. */
  readonly longest: number
}

/** How thick a matrix is, in widths of the residual stream. */
const matrixThickness = 0.1
/** The least that is seen. */
const hair = 0.03
const between = { rows: 0.08, steps: 0.2, layers: 0.5, boxes: 0.2, branches: 0.6, lines: 1.5 }
/** How much longer lines are than all of them are deep. */
const lineShape = 2.5

/**
 * All parts of a model in space, layer after layer; many layers in lines, as a text is read, the last of them in front. A part is as high and as broad as its matrix has inputs and outputs, and as thick
 * as its parameters ask for: its volume is its parameters. A side longer than all of the blocks', such as a vocabulary's, is folded: as
 * much thicker as it is shorter. What is thinner than a hair is drawn as one.
 */
export function modelParts({ sections }: Architecture): ModelParts {
  const width = streamWidth(sections)
  const longest = Math.max(
    1,
    ...sections
      .filter(({ layers }) => layers.length > 0)
      .flatMap(section => boxesOf(section).flatMap(({ shape }) => shape ?? []))
      .map(side => side / width)
  )
  const sizeOf = ({ shape, parameters }: ArchitectureBox): Place => {
    const [rows = width, columns = 1] = shape ?? []
    const up = Math.min(longest, Math.max(hair, rows / width))
    const near = Math.min(longest, Math.max(hair, columns / width))
    const volume = (parameters / width ** 2) * matrixThickness
    return [Math.max(hair, volume / (up * near)), up, near]
  }

  const parts: ModelPart[] = []
  const names: PlacedName[] = []
  /** The first part and where it begins, of each layer and of what stands before and after. */
  const starts: { readonly part: number; readonly along: number }[] = []
  let along = 0
  let step = 0
  for (const { section, layer } of inOrder(sections)) {
    const start = along
    const part = parts.length
    for (const { branches } of section.steps) {
      const rows = branches.map(own => own.map(row => row.filter(({ shape }) => shape !== null)))
      const breadths = rows.map(own => Math.max(hair, ...own.map(row => breadth(row, sizeOf))))
      let left = -sum(breadths, between.branches) / 2
      let end = along
      rows.forEach((own, branch) => {
        let at = along
        own.forEach((row, rowAt) => {
          if (row.length === 0) return
          let near = left + (breadths[branch]! - breadth(row, sizeOf)) / 2
          let thickest = 0
          row.forEach((box, boxAt) => {
            const [thick, up, deep] = sizeOf(box)
            parts.push({
              ...{ section, box, layer },
              from: [at, -up / 2, near],
              to: [at + thick, up / 2, near + deep],
              path: [0, step, branch, rowAt, boxAt]
            })
            near += deep + between.boxes
            thickest = Math.max(thickest, thick)
          })
          at += thickest + between.rows
        })
        end = Math.max(end, at)
        left += breadths[branch]! + between.branches
      })
      step++
      if (end > along) along = end + between.steps
    }
    if (along === start) continue
    starts.push({ part, along: start })
    const isFirst = layer !== null && names.every(({ text }) => !text.startsWith('Layer '))
    const text = layer === null ? section.name : `${isFirst ? 'Layer ' : ''}${layer}`
    // In front, so that it does not stand over parts.
    const front = spanOf(parts.slice(part).map(({ to }) => to[2])).high
    names.push({
      text,
      at: [(start + along - between.steps) / 2, -longest / 2 - 0.2, front]
    })
    along += between.layers
  }
  return { ...inLines({ parts, names }, starts, along), longest }
}

/** Breaks a long model into lines. */
function inLines(
  { parts, names }: Pick<ModelParts, 'parts' | 'names'>,
  starts: readonly { readonly part: number; readonly along: number }[],
  length: number
): Pick<ModelParts, 'parts' | 'names'> {
  const depth = between.lines + 2 * Math.max(0, ...parts.map(({ to }) => to[2]))
  const count = Math.max(1, Math.round(Math.sqrt(length / (lineShape * depth))))
  const lines = starts.map(({ along }) => Math.min(count - 1, Math.floor((along / length) * count)))
  const shift = ([along, up, near]: Place, own: number): Place => {
    const line = lines[own]!
    return [along - starts[lines.indexOf(line)]!.along, up, near + line * depth]
  }
  let own = 0
  return {
    parts: parts.map((part, i) => {
      while (own + 1 < starts.length && starts[own + 1]!.part <= i) own++
      const [, ...rest] = part.path
      return {
        ...part,
        from: shift(part.from, own),
        to: shift(part.to, own),
        path: [lines[own]!, ...rest]
      }
    }),
    names: names.map(({ text, at }, i) => ({ text, at: shift(at, i) }))
  }
}

/** The blocks in their order, between what stands before and after them. */
function inOrder(sections: readonly ArchitectureSection[]) {
  const first = sections.findIndex(({ layers }) => layers.length > 0)
  const alone = sections.map(section => ({ section, layer: null }))
  if (first < 0) return alone
  const blocks = sections
    .flatMap(section => section.layers.map(layer => ({ section, layer })))
    .sort((a, b) => a.layer - b.layer)
  const isAlone = ({ section }: (typeof alone)[number]) => section.layers.length === 0
  return [
    ...alone.slice(0, first).filter(isAlone),
    ...blocks,
    ...alone.slice(first).filter(isAlone)
  ]
}

/** What the first matrix of a block reads, or else a table gives. */
function streamWidth(sections: readonly ArchitectureSection[]): number {
  const shapes = (inBlocks: boolean) =>
    sections
      .filter(({ layers }) => layers.length > 0 === inBlocks)
      .flatMap(section => boxesOf(section).flatMap(({ shape }) => (shape ? [shape] : [])))
      .filter(shape => shape.length === 2)
  return shapes(true)[0]?.[0] ?? shapes(false)[0]?.[1] ?? 1
}

function breadth(row: readonly ArchitectureBox[], sizeOf: (box: ArchitectureBox) => Place): number {
  return sum(
    row.map(box => sizeOf(box)[2]),
    between.boxes
  )
}

function sum(sizes: readonly number[], gap: number): number {
  return sizes.reduce((all, size) => all + size, 0) + Math.max(0, sizes.length - 1) * gap
}

/**
 * The tensors of a part, of which a box names those of the first layer that is like it.
 * @returns by part; names alone where the model has no such tensor
 */
export function tensorsOfParts(
  parts: readonly Pick<ModelPart, 'box' | 'layer'>[],
  tensors: readonly TensorInfo[]
): (TensorInfo | string)[][] {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]))
  const alike = new Map<string, TensorInfo>()
  for (const tensor of tensors)
    if (tensor.layer !== null)
      alike.set(`${tensor.layer} ${inAnyLayer(tensor.name, tensor.layer)}`, tensor)
  return parts.map(({ box, layer }) =>
    box.tensors.map(name => {
      const first = byName.get(name)
      if (first === undefined || first.layer === null || layer === null) return first ?? name
      return alike.get(`${layer} ${inAnyLayer(name, first.layer)}`) ?? first
    })
  )
}
