import { shapeOf, type Dataset, type Variable } from '../../data/dataset.ts'
import { drawing, type Drawing } from '../drawing.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import { linePlot, LinePlotData } from '../line-plot.ts'
import { signedBars } from '../signed-bars.ts'
import { weightMap } from '../weight-map.ts'
import { plainLook } from './look-params.ts'

/** More cells along a side are not drawn. */
const mostCells = 512
/** More names are not written below one another. */
const mostBars = 40
/** Of more numbers a line is drawn: dots would run into one another. */
const mostDots = 100

/** One variable of a dataset, drawn by its axes alone. */
export interface NumbersFigure extends Drawing {
  /** Its name, and what it is. */
  readonly what: string
}

/**
 * What an analysis came to that no view is of: the first of its variables that lies along one axis or two, axes of length 1
 * aside, and is not the same throughout; counts and ids only where nothing else does. Null where there is none.
 */
export function numbersFigure(result: Dataset, title: string): NumbersFigure | null {
  const all = Object.entries(result.variables)
  const isWhole = ([, { data }]: (typeof all)[number]) => data instanceof Int32Array
  for (const [name, variable] of all.toSorted((a, b) => Number(isWhole(a)) - Number(isWhole(b)))) {
    const drawn = drawnAlong(result, variable, name, `${title} · ${name}`)
    const what = [name, variable.about].filter(part => part !== '').join(', ')
    if (drawn !== null) return { ...drawn, what }
  }
  return null
}

function drawnAlong(
  result: Dataset,
  variable: Variable,
  name: string,
  title: string
): Drawing | null {
  const shape = shapeOf(result, variable)
  const along = variable.axes.filter((_, i) => shape[i]! > 1)
  const values = Float64Array.from(variable.data)
  const finite = values.filter(Number.isFinite)
  if (finite.every(value => value === finite[0])) return null
  const unit = variable.unit === '' ? name : `${name}, ${variable.unit}`
  const [down, across] = along.map(own => ({ name: own, ...result.axes[own]! }))
  if (along.length === 1) {
    const labels = down!.labels
    if (labels !== null && labels.length <= mostBars)
      return drawing(
        signedBars,
        {
          ...{ title, name: unit },
          bars: labels.map((label, i) => ({ label, value: values[i]!, spread: null, isSum: false }))
        },
        plainLook
      )
    const x = Float64Array.from(values, (_, i) => i)
    return drawing(
      linePlot,
      LinePlotData.parse({
        title,
        ...{ x: { name: down!.name, whole: true }, y: { name: unit } },
        series: [
          {
            name: null,
            shape: x.length > mostDots ? 'line' : 'dots',
            color: 'accent',
            x,
            y: values
          }
        ]
      }),
      plainLook
    )
  }
  if (along.length !== 2 || Math.max(down!.length, across!.length) > mostCells) return null
  const [low, high] = finite.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [0, 0]
  )
  const side = ({ length }: { readonly length: number }) => ({ from: 0, to: length, each: 1 })
  const named = (axis: { readonly labels: string[] | null }) => axis.labels ?? undefined
  const [rows, columns] = [named(down!), named(across!)]
  return drawing(
    weightMap,
    {
      ...{ title, name: unit, rows: side(down!), columns: side(across!) },
      names: { rows: down!.name, columns: across!.name },
      labels: { ...(rows && { rows }), ...(columns && { columns }) },
      values: Float32Array.from(values)
    },
    { ...plainLook, range: rangeOf({ low, high }, 'difference') }
  )
}
