import { z } from 'zod'
import { poolings } from '../analysis/pool.ts'
import { colorMaps } from './color-table.ts'
import { drawnFigure, type DrawnFigure } from './drawn-figure.ts'
import { drawnInRow, shownOf } from './drawn-in-row.ts'
import type { FigureKind, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import type { FigureWish } from './presets.ts'
import { saidOnce } from './said-once.ts'
import { valueScales } from './value-scale.ts'

/** A figure before it is drawn: how it is drawn for a wish, and what it is drawn of, to be kept. */
export interface Drawing {
  readonly draw: (wish: FigureWish) => DrawnFigure
  /** What stands above it; null where nothing does. */
  readonly heading: () => string | null
  /** As its kind says it of what it is drawn of. */
  readonly shows: () => string
  /** Null where it is not one to be put into another. */
  readonly kept: () => KeptDrawing | null
}

/**
 * One figure of a kind.
 * @param data or what gives it, once it is drawn
 * @param size the room that it has on the screen; its own where it is left out
 */
export function drawing<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  data: D | (() => D),
  look: Look,
  size?: Size
): Drawing {
  const own = () => (typeof data === 'function' ? data() : data)
  const { colorMap, scale, range, follows, shared, bar, pooling } = look
  const told = {
    ...{ colorMap, scale, range, follows, pooling },
    ...(shared && { shared }),
    ...(bar === false && { bar })
  }
  return {
    draw: wish => drawnFigure(kind, own(), look, wish, size),
    heading: () => own().title,
    shows: () => kind.shows(own(), look),
    kept: () => ({
      parts: [{ kind: kind.name, data: own(), look: told, size: size ?? null }],
      names: []
    })
  }
}

/**
 * Several in a row, as one.
 * @param names what tells each from the others
 * @param title of all of them; left out where it is what their own have in common
 */
export function drawingsInRow(
  all: readonly Drawing[],
  names: readonly string[],
  title: string | null = null
): Drawing {
  const said = () =>
    title === null
      ? saidOnce(
          all.map(({ heading }) => heading()),
          names
        )
      : { title, names }
  return {
    draw(wish) {
      const { title, names } = said()
      const draws = all.map(
        ({ draw }): Drawing['draw'] =>
          own =>
            draw({ ...own, title: false })
      )
      return drawnInRow(draws, names, wish, title)
    },
    heading: () => said().title,
    shows: () => shownOf(all.map(({ shows }) => shows())),
    kept: () => {
      const own = all.flatMap(({ kept }) => kept()?.parts ?? [])
      if (own.length !== all.length) return null
      const { title, names } = said()
      return {
        ...{ parts: own.map(untitled), names: [...names] },
        ...(title !== null && { title })
      }
    }
  }
}

/** What stands above all of them says it. */
function untitled(part: KeptPart): KeptPart {
  const { data } = part
  return typeof data === 'object' && data !== null
    ? { ...part, data: { ...data, title: null } }
    : part
}

const Pixels = z.number().min(1).max(20_000)

/** One figure as it is kept: what it is drawn of. Ink, paper and fonts are those of whoever draws it. */
const KeptPart = z.object({
  /** Name of its kind. */
  kind: z.string().min(1).max(100),
  data: z.unknown(),
  look: z.object({
    colorMap: z.enum(colorMaps),
    scale: z.enum(valueScales),
    range: z.object({ low: z.number(), high: z.number() }),
    follows: z.boolean(),
    shared: z.boolean().optional(),
    bar: z.literal(false).exactOptional(),
    pooling: z.enum(poolings)
  }),
  /** The room that it had; null for its own. */
  size: z.object({ width: Pixels, height: Pixels, ratio: z.number().min(0.1).max(16) }).nullable()
})
export type KeptPart = z.output<typeof KeptPart>

/** A figure that can be drawn again: one of a kind, or several in a row with what stands above each. */
export const KeptDrawing = z.object({
  parts: z.array(KeptPart).min(1).max(16),
  names: z.array(z.string()).max(16),
  /** Of several together. */
  title: z.string().exactOptional()
})
export type KeptDrawing = z.output<typeof KeptDrawing>
