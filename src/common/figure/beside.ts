import { z } from 'zod'
import type { FigureKind, RowPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { haveOneBar, oneBar, sharedMeaning } from './one-bar.ts'
import { columnOfPanels, rowGap, rowOfPanels } from './row-of-panels.ts'
import { sizeIn } from './size-in.ts'

/** Figures of one kind side by side, each with what tells it from the others. */
export interface Beside<D> {
  readonly title: string | null
  readonly parts: readonly { readonly caption: string; readonly data: D }[]
}

/** One of them, and what it is drawn in. */
type Part<D> = Beside<D>['parts'][number] & { readonly look: Look }

/**
 * A kind of figure several times as one figure: from left to right, each of the width that it has by itself beside the others, or one
 * below the other where there is less than each needs. On a page those of one range have one bar.
 */
export function beside<D>(kind: FigureKind<D>): FigureKind<Beside<D>> {
  const inRow = (all: readonly Part<D>[], width: number): Size[] | null => {
    const own = all.map(({ data, look }) => kind.natural(data, look))
    const whole = own.reduce((sum, size) => sum + size.width, 0)
    const share = (width - rowGap * (all.length - 1)) / whole
    const sizes = all.map(({ data, look }, i) =>
      share >= 1 ? own[i]! : sizeIn(kind, data, look, own[i]!.width * share)
    )
    return sizes.every((size, i) => size.width <= own[i]!.width * share + 1) ? sizes : null
  }
  const drawn = ({ title, parts }: Beside<D>, look: Look, width: number): RowPanel => {
    const isShared =
      look.still === true &&
      haveOneBar(
        parts.map(({ data }) => ({ meaning: sharedMeaning({ kind: kind.name, data, look }) }))
      )
    const placed = (way: 'row' | 'column') => {
      const bars = oneBar(parts.length, way)
      return parts.map((part, i): Part<D> => {
        return { ...part, look: isShared ? { ...look, bar: bars[i]! } : look }
      })
    }
    const row = inRow(placed('row'), width)
    const panels = placed(row ? 'row' : 'column').map(({ caption, data, look }, i) => ({
      caption,
      panel: kind.panel(data, look, row?.[i] ?? sizeIn(kind, data, look, width))
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
