import { z } from 'zod'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

/** Figures of one kind side by side, each with what tells it from the others. */
export interface Beside<D> {
  readonly title: string | null
  readonly parts: readonly { readonly caption: string; readonly data: D }[]
}

const captionRoom = 22
const gap = 24

/** A kind of figure several times, from left to right, as one figure. */
export function beside<D>(kind: MapFigureKind<D>): MapFigureKind<Beside<D>> {
  const sizes = ({ parts }: Beside<D>, look: Look) =>
    parts.map(({ data }) => kind.natural(data, look))
  const topOf = ({ title }: Beside<D>) => captionRoom + (title === null ? 0 : titleRoom)
  return {
    name: `${kind.name}-beside`,
    data: z.object({
      title: z.string().nullable(),
      parts: z.array(z.object({ caption: z.string(), data: kind.data })).readonly()
    }),

    resizes: 'none',
    natural(data, look): Size {
      const own = sizes(data, look)
      return {
        width: own.reduce((sum, { width }) => sum + width, gap * (own.length - 1)),
        height: topOf(data) + Math.max(0, ...own.map(({ height }) => height)),
        ratio: 1
      }
    },

    panel(data, look, size): MapPanel {
      const top = topOf(data)
      const panels = sizes(data, look).map((own, i) =>
        kind.panel(data.parts[i]!.data, look, { ...own, ratio: size.ratio })
      )
      let left = 0
      const placed = panels.map((panel, i) => {
        const x = left
        left += panel.width + gap
        const caption = textMark({
          text: data.parts[i]!.caption,
          ...{ x: x + 8, y: top - captionRoom / 2, font: look.sans, size: look.size + 1 },
          ...{ weight: 600, color: look.ink, room: panel.width - 16 }
        })
        return {
          rasters: panel.rasters.map(own => ({
            ...own,
            left: own.left + x,
            top: own.top + top
          })),
          marks: [caption, ...panel.marks.map(mark => moved(mark, x, top))]
        }
      })
      return {
        ...{ kind: 'map', ...size, paper: look.paper },
        rasters: placed.flatMap(({ rasters }) => rasters),
        marks: [
          ...titleMarks(data.title, look, { x: 8, y: 14, room: size.width - 16 }),
          ...placed.flatMap(({ marks }) => marks)
        ]
      }
    }
  }
}

function moved(mark: Mark, x: number, y: number): Mark {
  if (mark.kind === 'line')
    return { ...mark, points: mark.points.map(([px, py]) => [px + x, py + y] as const) }
  return { ...mark, x: mark.x + x, y: mark.y + y }
}
