import type { FigureKind, Size } from '../figure-kind.ts'
import type { Look } from '../look.ts'
import type { PlotForm } from './plot-code.ts'

/** What is said of a plot that no array holds: names, labels, colours, ends of axes. */
export type Said =
  string | number | boolean | null | readonly Said[] | { readonly [name: string]: Said }

/** Numbers as a figure has them; NaN where nothing is drawn. */
export interface Numbers {
  readonly values: ArrayLike<number>
  /** Lengths of their axes, the outermost first. */
  readonly shape: readonly number[]
}

/** What matplotlib is told of a figure: one of the forms that it draws, its arrays by name, and what is said of them. */
export interface Plot {
  readonly form: PlotForm
  readonly numbers: Readonly<Record<string, Numbers>>
  readonly said: Readonly<Record<string, Said>>
}

/** How a kind of figure is told to matplotlib. */
export interface PlottedKind<D> {
  readonly kind: FigureKind<D>
  /** @param size the room that the figure has */
  readonly plot: (data: D, look: Look, size: Size) => Plot
}

/** Numbers along one axis. */
export function along(values: ArrayLike<number>): Numbers {
  return { values, shape: [values.length] }
}

/** Rows of numbers, all as long as each other. */
export function stacked(rows: readonly ArrayLike<number>[]): Numbers {
  return {
    values: rows.flatMap(row => Array.from(row)),
    shape: [rows.length, rows[0]?.length ?? 0]
  }
}
