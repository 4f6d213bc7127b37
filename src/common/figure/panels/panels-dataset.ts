import type { Dataset } from '../../data/dataset.ts'
import { dataset } from '../../data/dataset.ts'

/** Numbers of panels as one dataset: what is of panel (a) begins with `a.`. Null where none has any. */
export function panelsDataset(panels: readonly (Dataset | null)[]): Dataset | null {
  const named = panels.flatMap((own, i) =>
    own === null ? [] : [{ own, letter: String.fromCharCode(97 + i) }]
  )
  if (named.length === 0) return null
  const entries = <T, U>(
    of: (own: Dataset) => Readonly<Record<string, T>>,
    as: (value: T, letter: string) => U
  ) =>
    Object.fromEntries(
      named.flatMap(({ own, letter }) =>
        Object.entries(of(own)).map(([name, value]) => [`${letter}.${name}`, as(value, letter)])
      )
    )
  return dataset(
    entries(
      ({ axes }) => axes,
      axis => axis
    ),
    entries(
      ({ variables }) => variables,
      (variable, letter) => ({
        ...variable,
        axes: variable.axes.map(name => `${letter}.${name}`)
      })
    ),
    Object.fromEntries(named.map(({ own, letter }) => [letter, own.attributes]))
  )
}
