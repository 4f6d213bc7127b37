import { z } from 'zod'
import { isolated } from '../text/token-text.ts'
import { tickText } from './color-bar.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import { groupColor, leafMarks, leafRoom, Leaves } from './leaf-axis.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type Tip } from './mark.ts'
import { niceAxis } from './nice-axis.ts'
import { sansWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

const Index = z.int().min(0)

/** A tree of things that were joined, the nearest first. */
export const DendrogramData = z
  .object({
    title: z.string().nullable(),
    /** What its heights are, with their unit. */
    name: z.string(),
    /** From top to bottom. */
    leaves: Leaves,
    /** Lowest first: leaves go by their place, what the i-th joins by their number + i. */
    merges: z
      .array(z.object({ first: Index, second: Index, height: z.number().min(0) }))
      .readonly(),
    /** The height at which groups part; null where there is one group. */
    cut: z.number().nullable(),
    /** As far as the axis of heights goes: of two that are compared the same. */
    highest: z.number().min(0)
  })
  .refine(
    ({ leaves, merges }) =>
      merges.length < leaves.length &&
      merges.every(({ first, second }, i) => Math.max(first, second) < leaves.length + i),
    'expected to join what is there'
  )
export type DendrogramData = z.output<typeof DendrogramData>

const axisRoom = 36
const bottom = 22
const right = 24
const usualRow = 15
const usualTree = 420
/** A tree that is lower has no height that could be told. */
const leastHeight = 1e-90

/** Where the parts of a tree stand, in CSS pixels. */
export interface DendrogramLayout {
  /** Where heights begin, and how wide the highest is. */
  readonly left: number
  readonly width: number
  /** Where the first leaf begins, and from one to the next. */
  readonly top: number
  readonly row: number
}

export function dendrogramLayout(
  { title, leaves }: Pick<DendrogramData, 'title' | 'leaves'>,
  look: Pick<Look, 'size'>,
  { width, height }: Pick<Size, 'width' | 'height'>
): DendrogramLayout {
  const left = leafRoom(leaves, look)
  const top = axisRoom + (title === null ? 0 : titleRoom)
  return {
    ...{ left, top },
    width: Math.max(40, width - left - right),
    row: Math.max(0, height - top - bottom) / leaves.length
  }
}

/** How high a tree is whose rows are so high. */
export function dendrogramHeight(data: Pick<DendrogramData, 'title' | 'leaves'>, row: number) {
  return (
    dendrogramLayout(data, { size: 0 }, { width: 0, height: 0 }).top +
    data.leaves.length * row +
    bottom
  )
}

/** A tree that lies: leaves at the left, heights to the right, groups in colours, a line where they part. */
export const dendrogram: MapFigureKind<DendrogramData> = {
  name: 'dendrogram',
  data: DendrogramData,
  shows: ({ name }) => `Joined at: ${name}`,
  resizes: 'width',

  natural(data, look) {
    const { left } = dendrogramLayout(data, look, { width: 0, height: 0 })
    return { width: left + usualTree + right, height: dendrogramHeight(data, usualRow), ratio: 1 }
  },

  lowest: (data, { size }) => dendrogramHeight(data, Math.ceil(1.1 * size)),

  panel: (data, look, size) => seenDendrogram(data, look, size, size, 0)
}

/**
 * What is seen of a tree that is higher than its room: the axis of heights stays.
 * @param whole its size
 * @param from how much of it lies above what is seen, in CSS pixels
 */
export function seenDendrogram(
  data: DendrogramData,
  look: Look,
  size: Size,
  whole: Pick<Size, 'width' | 'height'>,
  from: number
): MapPanel {
  const layout = dendrogramLayout(data, look, whole)
  const { left, top, row } = layout
  const most = data.highest > leastHeight ? data.highest : 1
  const { step } = niceAxis(0, most, 4)
  const x = (height: number) => left + (height / most) * layout.width
  const end = Math.min(size.height, top + data.leaves.length * row - from)
  const words = { font: look.sans, size: look.size }
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step)
  const cut = data.cut === null ? null : Math.round(x(data.cut)) + 0.5
  const groups = new Set(data.leaves.map(({ group }) => group)).size
  const foot = top + data.leaves.length * row - from + 12
  return {
    kind: 'map',
    ...size,
    paper: look.paper,
    rasters: [],
    marks: [
      ...ticks.map(tick => upright(x(tick), top, end, look.empty, 1)),
      ...treeMarks(data, look, { x, y: at => top + (at + 0.5) * row - from, from: top, to: end }),
      ...(cut === null ? [] : [upright(cut, top - 4, Math.max(top, end) + 4, look.accent, 1.5)]),
      ...(cut === null || foot > size.height
        ? []
        : [
            textMark({
              ...words,
              text: `${groups} groups`,
              ...(cut > left + layout.width / 2
                ? { x: cut - 5, align: 'right' as const }
                : { x: cut + 5 }),
              y: foot,
              color: look.accent
            })
          ]),
      // What is above the axis has gone under it.
      ...(from > 0
        ? [
            {
              kind: 'rect',
              x: 0,
              y: 0,
              width: size.width,
              height: top - 4,
              fill: look.paper,
              line: null
            } as const
          ]
        : []),
      ...leafMarks(
        data.leaves,
        look,
        { start: top - from, step: row, from: top, to: end, edge: left },
        'left'
      ),
      ...titleMarks(data.title, look, { x: 8, y: 14, room: size.width - 16 }),
      textMark({
        ...words,
        text: data.name,
        // As far to the left as it has to be to end within the figure.
        x: Math.max(8, Math.min(left, size.width - 8 - sansWidth(data.name, look.size))),
        y: top - 26,
        color: look.faint,
        room: size.width - 16
      }),
      ...ticks.map(tick =>
        textMark({
          ...words,
          text: tickText(tick),
          x: x(tick),
          y: top - 11,
          align: tick === 0 ? 'left' : 'center',
          color: look.ink
        })
      )
    ]
  }
}

/** So many leaves are named where it is said what was joined. */
const mostNamed = 8

/** What is said of a place where leaves are joined: which, and how high that is. */
function joinedTip(
  { name, leaves }: Pick<DendrogramData, 'name' | 'leaves'>,
  { first, last }: { readonly first: number; readonly last: number },
  height: number
): Tip {
  const own = leaves.slice(first, Math.min(last + 1, first + mostNamed))
  const named = own.map(({ label }) => isolated(label))
  const left = last + 1 - first - named.length
  const more = left > 0 ? ` and ${left} more` : ''
  return [`${named.join(', ')}${more}\n${name}: `, height]
}

/** The lines of the tree that are seen, those of a group in its colour. */
function treeMarks(
  { name, leaves, merges, cut }: DendrogramData,
  look: Look,
  {
    x,
    y,
    from,
    to
  }: {
    readonly x: (height: number) => number
    readonly y: (leaf: number) => number
    readonly from: number
    readonly to: number
  }
): Mark[] {
  // Of rows that are hardly apart, lines as wide would run together.
  const width = Math.max(0.5, Math.min(1.25, 0.3 * (y(1) - y(0))))
  /** Of each leaf and merge. */
  const all: {
    readonly at: number
    readonly height: number
    readonly group: number
    /** The leaves below it. */
    readonly first: number
    readonly last: number
  }[] = leaves.map(({ group }, at) => ({ at, height: 0, group, first: at, last: at }))
  const inside = (at: number) => Math.max(from, Math.min(to, at))
  return merges.flatMap(({ first, second, height }): Mark[] => {
    const [a, b] = [all[first]!, all[second]!]
    const isWithin = cut === null || height < cut
    const own = { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) }
    all.push({ at: (a.at + b.at) / 2, height, group: a.group, ...own })
    const color = isWithin ? groupColor(a.group, look) : look.faint
    const line = { kind: 'line', color, width, opacity: 1 } as const
    const [above, below] = [y(a.at), y(b.at)]
    if (Math.max(above, below) < from || Math.min(above, below) > to) return []
    // A stem that is outside of what is seen is not drawn, nor is what joins two beyond it.
    const stem = ({ at, height: own }: typeof a): Mark[] =>
      y(at) < from || y(at) > to
        ? []
        : [
            {
              ...line,
              points: [
                [x(own), y(at)],
                [x(height), y(at)]
              ]
            }
          ]
    const joint: Mark = {
      ...line,
      tip: joinedTip({ name, leaves }, own, height),
      points: [
        [x(height), inside(above)],
        [x(height), inside(below)]
      ]
    }
    return [...stem(a), ...stem(b), joint]
  })
}

function upright(x: number, from: number, to: number, color: string, width: number): Mark {
  return {
    kind: 'line',
    points: [
      [x, from],
      [x, to]
    ],
    color,
    width,
    opacity: 1
  }
}
