import type { Dataset } from '../../data/dataset.ts'
import type { KeptDrawing } from '../drawing.ts'
import { drawnCells } from '../notebook/drawn-cells.ts'
import type { PanelContent } from './panel-content.ts'

/** The numbers of a view that a panel keeps, and names of those that it leaves with its view. */
export type PanelNumbers = Pick<PanelContent, 'numbers' | 'left'>

/** Bytes that a panel keeps of what it is drawn of, and of numbers beside these. */
const most = { drawn: 2 ** 19, beside: 2 ** 16 }

/** Of numbers that are too many for a panel those that its figure is drawn of, and of the others the smallest. */
export function panelNumbers(drawing: KeptDrawing, whole: Dataset): PanelNumbers {
  const { used } = drawnCells(drawing, whole)
  const size = (name: string) => whole.variables[name]!.data.byteLength
  const smallest = Object.keys(whole.variables).toSorted((a, b) => size(a) - size(b))
  const within = (names: readonly string[], bytes: number) => {
    let left = bytes
    return names.filter(name => (left -= size(name)) >= 0)
  }
  const kept = new Set([
    ...within(
      smallest.filter(name => used.includes(name)),
      most.drawn
    ),
    ...within(
      smallest.filter(name => !used.includes(name)),
      most.beside
    )
  ])
  return { numbers: numbersOf(whole, kept), left: smallest.filter(name => !kept.has(name)) }
}

/** A panel that keeps none of its view's numbers. */
export function noNumbers(whole: Dataset): PanelNumbers {
  return { numbers: null, left: Object.keys(whole.variables) }
}

/** Null of none. */
function numbersOf(
  { axes, variables, attributes }: Dataset,
  names: ReadonlySet<string>
): Dataset | null {
  if (names.size === 0) return null
  const kept = Object.entries(variables).filter(([name]) => names.has(name))
  const along = new Set(kept.flatMap(([, { axes, part }]) => [...axes, ...(part?.axes ?? [])]))
  return {
    axes: Object.fromEntries(Object.entries(axes).filter(([name]) => along.has(name))),
    variables: Object.fromEntries(kept),
    attributes
  }
}
