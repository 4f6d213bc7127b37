import type { OtherSide, Sides } from '../analysis/sides.ts'
import type {
  Again,
  AnalysisCommand,
  CommandParams,
  FigureCommand,
  FigureOrigin,
  Origin,
  Provenance
} from './provenance.ts'

/** The command that makes what is of two beside each other again; null where these are a command each. */
export function againBeside(one: Provenance, other: Provenance): Again | null {
  const [own, second] = [one.again, other.again]
  if (isFigureOfOne(own) && isFigureOfOne(second) && own.folder === second.folder)
    return againOfSides('beside', { again: own, of: one.of }, { again: second, of: other.of })
  if (isNumbersOfOne(own) && isNumbersOfOne(second) && own.analysis === second.analysis)
    return {
      ...own,
      sides: 'beside',
      ...otherSide({ again: own, of: one.of }, { again: second, of: other.of })
    }
  return null
}

/** The command of a figure that is made of two sides, by the commands that make those alone. */
export function againOfSides(sides: Sides, one: OneSide, other: OneSide): FigureCommand {
  const withView = other.again.view === one.again.view ? {} : { withView: other.again.view }
  return { ...one.again, sides, ...otherSide(one, other), ...withView }
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
  readonly again: Pick<FigureCommand, 'view' | 'params' | 'folder'>
  readonly of: Origin
}

/** Whatever is of one side. */
interface OneOfTwo {
  readonly again: { readonly params: CommandParams }
  readonly of: Origin
}

/** What of the second of two is not as it is of the first. */
function otherSide(one: OneOfTwo, other: OneOfTwo): OtherSide {
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
    ...(Object.keys(withParams).length > 0 && { withParams })
  }
}

/** A figure of one text, model or folder, which a side can be. */
function isFigureOfOne(again: Again): again is FigureCommand {
  return 'view' in again && again.with === undefined && again.sides === undefined
}

/** The numbers of an analysis of one. */
function isNumbersOfOne(again: Again): again is AnalysisCommand {
  return 'analysis' in again && again.with === undefined && again.sides === undefined
}

/** Null stands for what the second is not told. */
function changedParams(own: CommandParams, other: CommandParams): CommandParams {
  const names = [...new Set([...Object.keys(own), ...Object.keys(other)])]
  const changed = names.filter(
    name => JSON.stringify(own[name] ?? null) !== JSON.stringify(other[name] ?? null)
  )
  return Object.fromEntries(changed.map(name => [name, other[name] ?? null]))
}
