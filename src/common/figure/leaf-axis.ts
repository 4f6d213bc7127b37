import { z } from 'zod'
import { labelStep } from './axis-labels.ts'
import { mostHeads } from './data-limits.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { monoWidth } from './text-width.ts'

/** Things in the order of a tree's leaves, each with its group: those of one stand together. */
export const Leaves = z
  .array(z.object({ label: z.string(), group: z.int().min(0) }))
  .min(1)
  .max(mostHeads)
  .readonly()
export type Leaves = z.output<typeof Leaves>

/** The colour of a group; those that stand side by side have different ones. */
export function groupColor(group: number, { heads }: Pick<Look, 'heads'>): string {
  return heads[group % heads.length]!
}

/** Where each group stands along the leaves. */
export function groupSpans(
  leaves: Leaves
): { readonly group: number; readonly first: number; readonly count: number }[] {
  const spans: { group: number; first: number; count: number }[] = []
  leaves.forEach(({ group }, at) => {
    const last = spans.at(-1)
    if (last?.group === group) last.count++
    else spans.push({ group, first: at, count: 1 })
  })
  return spans
}

const stripWidth = 3
const numberRoom = 20

/** How wide the labels of leaves are with all that stands beside them. */
export function leafRoom(leaves: Leaves, { size }: Pick<Look, 'size'>): number {
  const widest = leaves.reduce((most, { label }) => Math.max(most, monoWidth(label, size)), 0)
  return numberRoom + Math.ceil(widest) + 6 + stripWidth + 4
}

/** Where leaves stand along an axis, in CSS pixels. */
export interface LeafPlaces {
  /** Where the first one begins; may lie outside of what is seen. */
  readonly start: number
  /** From one to the next. */
  readonly step: number
  /** What is seen of the axis. */
  readonly from: number
  readonly to: number
  /** Where what is on the other side of it begins. */
  readonly edge: number
}

/** The leaves along the left edge of a figure, or, upright, along its top: numbers of groups, labels, a strip of colours. */
export function leafMarks(
  leaves: Leaves,
  look: Look,
  places: LeafPlaces,
  side: 'left' | 'top'
): Mark[] {
  const { start, step, from, to, edge } = places
  const { sans, size } = look
  const strip = groupSpans(leaves).flatMap(({ group, first, count }): Mark[] => {
    const gap = count * step > 4 ? 1 : 0
    const begin = Math.max(from, start + first * step + gap / 2)
    const end = Math.min(to, start + (first + count) * step - gap / 2)
    if (end <= begin) return []
    const color = groupColor(group, look)
    const across = { at: edge - 4 - stripWidth, wide: stripWidth }
    const rect = { kind: 'rect', fill: color, line: null } as const
    const middle = (begin + end) / 2
    const number = { font: sans, size, weight: 600, color, text: String(group + 1) } as const
    const fits = end - begin >= size + 1
    return side === 'left'
      ? [
          { ...rect, x: across.at, y: begin, width: across.wide, height: end - begin },
          ...(fits ? [textMark({ ...number, x: 4, y: middle })] : [])
        ]
      : [{ ...rect, x: begin, y: across.at, width: end - begin, height: across.wide }]
  })
  return [...strip, ...leafLabels(leaves, look, places, side)]
}

/** Their labels alone, as many as there is room for. */
export function leafLabels(
  leaves: Leaves,
  { mono, size, ink }: Look,
  { start, step, from, to, edge }: LeafPlaces,
  side: 'left' | 'top'
): Mark[] {
  const every = labelStep(step, size + 2)
  return leaves.flatMap(({ label }, at): Mark[] => {
    const middle = start + (at + 0.5) * step
    if (at % every !== 0 || middle < from || middle > to) return []
    const text = { text: label, font: mono, size, color: ink } as const
    const end = edge - 4 - stripWidth - 4
    return side === 'left'
      ? [textMark({ ...text, x: end, y: middle, align: 'right' })]
      : [textMark({ ...text, x: middle, y: end, upright: true })]
  })
}
