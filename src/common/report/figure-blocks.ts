import { captionDraft } from '../figure/caption.ts'
import { sessionFigures } from '../figure/panels/session-figure.ts'
import {
  commandOf,
  paramsLines,
  isComputed,
  whyNoCommand,
  type PanelsProvenance,
  type KeptProvenance
} from '../figure/provenance.ts'
import { inItsDirection, visibleIsolated } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { mostDrawnResults, resultsToDraw } from './kept-results.ts'
import { mostDrawnRuns, runsWithPatterns } from './kept-patterns.ts'
import { bold, mono, muted, paragraph, plain, type Block, type Span } from './report-document.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'

/** A report needs no model, and is none's word for what a file says. */
const whence =
  'All are drawn of the numbers that the session’s file keeps; nothing was computed for this report.'

/** Figures with their numbers and captions, and below each in small what makes it again. */
export function figureBlocks(
  { content, kept }: Pick<ReportedSession, 'content' | 'kept'>,
  figures: readonly ReportedFigure[]
): Block[] {
  const unknown = content.figures.length - sessionFigures(content.figures).length
  const left = runsWithPatterns(kept).length - mostDrawnRuns
  const leftResults = resultsToDraw(kept).slice(0, -mostDrawnResults)
  const names = [...new Set(leftResults.map(({ name }) => name))].join(', ')
  return [
    ...figures.map(figureBlock),
    ...(figures.length === 0 ? [] : [paragraph(muted(whence))]),
    ...(left <= 0
      ? []
      : [paragraph(`Patterns of ${left} more runs are kept in the session and not drawn here.`)]),
    ...(leftResults.length === 0
      ? []
      : [
          paragraph(
            `What ${leftResults.length} more analyses came to (${names}) is kept in the session and not drawn here.`
          )
        ]),
    ...(unknown === 0
      ? []
      : [paragraph(`${unknown} of another version of Lamella cannot be drawn by this one.`)])
  ]
}

function figureBlock({ name, from, drawn }: ReportedFigure, figure: number): Block {
  const number = `Figure ${figure + 1}`
  // As the window calls one that nobody has named.
  const called = name === number ? '' : `${visibleIsolated(name)}. `
  return {
    kind: 'figure',
    figure,
    caption: [
      bold(`${number}. ${called}`),
      ...plain(captionDraft(from, typeof drawn === 'string' ? '' : drawn.shows))
    ],
    // What is not as a journal asks is told to its author, where a figure is made.
    lines: originLines(from)
  }
}

/** Where a figure is from, a line each; what it is of is in its caption. */
function originLines(from: KeptProvenance | PanelsProvenance): Span[][] {
  if (!('panels' in from)) return [originLine('', from)]
  const again: Span[] = [{ text: 'Again: ' }, mono(visibleText(commandOf(from)!))]
  return [
    again,
    ...from.panels.flatMap(({ letter, title, from: own }) =>
      own === null ? [] : [originLine(letter || inItsDirection(visibleText(title)), own)]
    )
  ]
}

function originLine(letter: string, from: KeptProvenance): Span[] {
  const { of, less, beside, precision, version } = from
  const models = [of, ...(less === null ? [] : [less]), ...(beside === undefined ? [] : [beside])]
  const files = new Set(
    models.map(
      ({ model, fingerprint }) => `${inItsDirection(visibleText(model))}, files ${fingerprint}`
    )
  )
  const computed = isComputed(of) ? [`${of.provider}, kept in ${precision}`] : []
  const said = [[...files].join('; '), ...computed, `Lamella ${version}`].join(', ')
  const command = commandOf(from)
  return [
    ...plain(visibleIsolated([letter, `${said}.`].filter(Boolean).join(' '))),
    ...(command === null
      ? plain(
          [...paramsLines(from), `No command makes it again: ${whyNoCommand(from)}`]
            .map(line => visibleText(` ${line}.`))
            .join('')
        )
      : [
          // Of numbers that no view draws a command gives these alone.
          {
            text: 'view' in from.again ? ' ' : ' Its numbers, of which no command draws a figure: '
          },
          mono(visibleText(command))
        ])
  ]
}
