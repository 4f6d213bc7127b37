import type { OtherSide, Sides } from '../analysis/sides.ts'
import {
  againUnless,
  folderOf,
  isNoCommand,
  type Again,
  type CommandParams,
  type FigureCommand,
  type FigureOrigin,
  type Origin,
  type Provenance
} from './provenance.ts'

const whyNoneBeside = 'it is of two sides of a tab, which are a command each'

/** The command that makes two figures beside each other again, or why there is none. */
export function againBeside(one: Provenance, other: Provenance): Again {
  const [own, second] = [one.again, other.again]
  if (isOfOne(own) && isOfOne(second))
    return againOfSides('beside', { again: own, of: one.of }, { again: second, of: other.of })
  const none = [own, second].find(isNoCommand)?.none ?? whyNoneBeside
  return againUnless(own, none, second)
}

/** The command of a figure that is made of two sides, by the commands that make those alone. */
export function againOfSides(sides: Sides, one: OneSide, other: OneSide): FigureCommand {
  return { ...one.again, sides, ...otherSide(one, other) }
}

/** The command of one less another, or of one alone where nothing is taken from it. */
export function againLess(
  own: OneSide['again'],
  other: OneSide['again'],
  { of, less }: Pick<FigureOrigin, 'of' | 'less'>
): FigureCommand {
  if (less === null) return own
  return againOfSides('difference', { again: own, of }, { again: other, of: less })
}

/** A figure of one side: its command, and what it is of. */
export interface OneSide {
  readonly again: Pick<FigureCommand, 'view' | 'params'>
  readonly of: Origin
}

/** What of the second of two is not as it is of the first. */
function otherSide(one: OneSide, other: OneSide): OtherSide {
  const { input, corpus, cut, edits, provider } = other.of
  const withParams = changedParams(one.again.params, other.again.params)
  return {
    ...(other.of.fingerprint !== one.of.fingerprint && { with: other.of.model }),
    ...((input !== null || corpus !== undefined) && {
      withRun: {
        ...{ input, ...(corpus && { corpus }), ...(cut && { cut }), edits },
        ...(provider !== one.of.provider && { provider })
      }
    }),
    ...(other.again.view !== one.again.view && { withView: other.again.view }),
    ...(Object.keys(withParams).length > 0 && { withParams })
  }
}

/** A figure of one text or model, which a side can be. */
function isOfOne(again: Again): again is FigureCommand {
  if (!('view' in again) || folderOf(again) !== null) return false
  return again.with === undefined && again.sides === undefined
}

/** Null stands for what the second is not told. */
function changedParams(own: CommandParams, other: CommandParams): CommandParams {
  const names = [...new Set([...Object.keys(own), ...Object.keys(other)])]
  const changed = names.filter(
    name => JSON.stringify(own[name] ?? null) !== JSON.stringify(other[name] ?? null)
  )
  return Object.fromEntries(changed.map(name => [name, other[name] ?? null]))
}
