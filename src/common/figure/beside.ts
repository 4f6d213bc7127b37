import { z } from 'zod'
import type { FigureKind, RowPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { columnOfPanels, rowGap, rowOfPanels } from './row-of-panels.ts'
import { sizeIn } from './size-in.ts'

/** Figures of one kind side by side, each with what tells it from the others. */
export interface Beside<D> {
  readonly title: string | null
  readonly parts: readonly { readonly caption: string; readonly data: D }[]
}

/**
 * A kind of figure several times as one figure: from left to right, each of the width that it has by itself beside the others, or one
 * below the other where there is less than each needs.
 */
export function beside<D>(kind: FigureKind<D>): FigureKind<Beside<D>> {
  const inRow = (parts: Beside<D>['parts'], look: Look, width: number): Size[] | null => {
    const own = parts.map(({ data }) => kind.natural(data, look))
    const all = own.reduce((sum, size) => sum + size.width, 0)
    const share = (width - rowGap * (parts.length - 1)) / all
    const sizes = parts.map(({ data }, i) =>
      share >= 1 ? own[i]! : sizeIn(kind, data, look, own[i]!.width * share)
    )
    return sizes.every((size, i) => size.width <= own[i]!.width * share + 1) ? sizes : null
  }
  const drawn = ({ title, parts }: Beside<D>, look: Look, width: number): RowPanel => {
    const row = inRow(parts, look, width)
    const sizes = row ?? parts.map(({ data }) => sizeIn(kind, data, look, width))
    const panels = parts.map(({ caption, data }, i) => ({
      caption,
      panel: kind.panel(data, look, sizes[i]!)
    }))
    const least = Number.isFinite(width) ? width : 0
    return (row ? rowOfPanels : columnOfPanels)(title, panels, look, least)
  }
  const natural = (data: Beside<D>, look: Look): Size => {
    const { width, height, ratio } = drawn(data, look, Infinity)
    return { width, height, ratio }
  }
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
    resizes: kind.resizes,
    natural,
    high: (data, look, width) => drawn(data, look, width).height,
    least: ({ parts }, look) => ({
      width: Math.max(0, ...parts.map(({ data }) => kind.least?.(data, look).width ?? 0)),
      height: 0
    }),
    panel: (data, look, size) => drawn(data, look, size.width)
  }
}
