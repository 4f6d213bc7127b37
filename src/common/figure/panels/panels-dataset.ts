import type { Dataset } from '../../data/dataset.ts'
import { dataset } from '../../data/dataset.ts'
import type { PanelContent } from './panel-content.ts'
import { panelLetter, panelMark } from './panel-letter.ts'
import type { Lettering } from './session-figure.ts'

type Numbered = Pick<PanelContent, 'numbers' | 'left'>

/**
 * Numbers of panels as one dataset: what is of panel (a) begins with `a.`. Null where none has any.
 * @param panels null for one that cannot be read
 */
export function panelsDataset(
  panels: readonly (Numbered | null)[],
  lettering: Lettering
): Dataset | null {
  const named = panels.flatMap((panel, i) =>
    panel?.numbers == null ? [] : [{ own: panel.numbers, letter: panelKey(i) }]
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
  const without = panelsWithout(panels, lettering)
  return dataset(
    entries(
      ({ axes }) => axes,
      axis => axis
    ),
    entries(
      ({ variables }) => variables,
      (variable, letter) => {
        const own = (name: string) => `${letter}.${name}`
        const { axes, part } = variable
        return {
          ...{ ...variable, axes: axes.map(own) },
          ...(part && { part: { ...part, of: own(part.of), axes: part.axes.map(own) } })
        }
      }
    ),
    {
      ...Object.fromEntries(named.map(({ own, letter }) => [letter, own.attributes])),
      ...(without.length > 0 && { without })
    }
  )
}

/** What of the panels’ numbers is not in that: `grad of panel (b)`, or `all numbers of panel (c)`. */
export function panelsWithout(
  panels: readonly (Numbered | null)[],
  lettering: Lettering
): string[] {
  return panels.flatMap((panel, i) => {
    const { numbers = null, left = [] } = panel ?? {}
    const called = `panel ${panelMark(i, panelLetter(i, lettering))}`
    return numbers === null
      ? [`all numbers of ${called}`]
      : left.map(name => `${name} of ${called}`)
  })
}

/** Whether that has any numbers of a panel. */
export function holdsPanel({ attributes }: Dataset, panel: number): boolean {
  return Object.hasOwn(attributes, panelKey(panel))
}

/** What names of a panel’s numbers begin with, before a dot. */
export function panelKey(panel: number): string {
  return String.fromCharCode(97 + panel)
}
