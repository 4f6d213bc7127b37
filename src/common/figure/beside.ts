import { z } from 'zod'
import type { FigureKind, RowPanel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { rowOfPanels } from './row-of-panels.ts'

/** Figures of one kind side by side, each with what tells it from the others. */
export interface Beside<D> {
  readonly title: string | null
  readonly parts: readonly { readonly caption: string; readonly data: D }[]
}

/** A kind of figure several times, from left to right, as one figure. */
export function beside<D>(kind: FigureKind<D>): FigureKind<Beside<D>> {
  const row = ({ title, parts }: Beside<D>, look: Look): RowPanel =>
    rowOfPanels(
      title,
      parts.map(({ caption, data }) => ({
        caption,
        panel: kind.panel(data, look, kind.natural(data, look))
      })),
      look
    )
  return {
    name: `${kind.name}-beside`,
    data: z.object({
      title: z.string().nullable(),
      parts: z
        .array(z.object({ caption: z.string(), data: kind.data }))
        .max(16)
        .readonly()
    }),
    shows: ({ parts }, look) => (parts[0] === undefined ? '' : kind.shows(parts[0].data, look)),
    resizes: 'none',

    natural(data, look) {
      const { width, height, ratio } = row(data, look)
      return { width, height, ratio }
    },

    panel: row
  }
}
