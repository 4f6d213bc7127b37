import { LamellaError } from '#common/model/errors.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { sessionLimits, type SessionContent } from '#common/model/session.ts'
import { inputLine } from '#common/text/input-text.ts'
import { bytesText } from '#common/text/number-text.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** A part of a session, what it takes in characters of JSON, and what makes it less. */
interface Part {
  readonly what: string
  readonly takes: number
  readonly advice: string
}

/** Why a session is more than one may hold: what of it takes most, and what to do about that. */
export function tooMuch(content: SessionContent): LamellaError {
  const most = partsOf(content).reduce((a, b) => (b.takes > a.takes ? b : a))
  const whole = sizeOf(content)
  return new LamellaError(
    'invalid-argument',
    `The session would hold ${bytesText(whole)}, at most ${bytesText(sessionLimits.characters)} go into one: ${most.what} take ${bytesText(most.takes)}`,
    most.advice
  )
}

function partsOf({ figures, notes, findings, library, runs, window }: SessionContent): Part[] {
  const figure = largest(sessionFigures(figures))
  const item = largest(library)
  const past = largest(runs)
  return [
    {
      what: 'its figures',
      takes: sizeOf(figures),
      advice: `Save figures that are done as files and remove them, or panels of long texts${named(figure?.name)}.`
    },
    {
      what: 'texts with a name',
      takes: sizeOf(library),
      advice: `Keep long texts as files, and make a corpus of them${named(item?.name)}.`
    },
    {
      what: 'texts that ran',
      takes: sizeOf(runs),
      advice: `Remove runs of long texts from the list in Texts${named(past && firstLetters(inputLine(past.source.input), 30))}.`
    },
    {
      what: 'texts and settings of its tabs',
      takes: sizeOf(window),
      advice: 'Keep long texts as files, and make a corpus of them.'
    },
    {
      what: 'its notes',
      takes: sizeOf(notes),
      advice: 'Save the notes as Markdown, and remove those that are of no more use.'
    },
    {
      what: 'its findings',
      takes: sizeOf(findings),
      advice: 'Write a report, and remove findings that are of no more use.'
    }
  ]
}

function largest<T>(all: readonly T[]): T | undefined {
  return all.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]
}

function named(name: string | undefined): string {
  return name === undefined ? '' : `; “${name}” takes most`
}

function sizeOf(part: unknown): number {
  return JSON.stringify(part).length
}
