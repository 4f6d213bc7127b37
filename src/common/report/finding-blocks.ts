import { keptFindings, type KeptFinding } from '../analysis/head-atlas/kept-finding.ts'
import { classChanges, lossChange, type ClassLoss } from '../analysis/head-atlas/class-changes.ts'
import { exactCount, numberText } from '../text/number-text.ts'
import { inItsDirection } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { modelName } from './model-blocks.ts'
import { bold, heading, muted, paragraph, table, type Block } from './report-document.ts'
import type { ReportedSession } from './reported-session.ts'

/** Findings with what they were tested against, those that hold first. */
export function findingBlocks(session: Pick<ReportedSession, 'content' | 'models'>): Block[] {
  const { content } = session
  const findings = keptFindings(content.findings).toSorted(
    (a, b) => Number(b.holds) - Number(a.holds)
  )
  const unknown = content.findings.length - findings.length
  return [
    ...findings.flatMap(finding => findingBlock(finding, session)),
    ...(findings.length === 0 ? [] : [paragraph(muted(controls))]),
    ...(unknown === 0
      ? []
      : [paragraph(`${unknown} of another version of Lamella cannot be shown by this one.`)])
  ]
}

const controls =
  'Each was found on one half of the windows and tested on the other. Uniform is the score of attention that is spread alike over all that a query sees; p is that of the score being no higher, corrected for the number of heads; “above” counts the windows in which it is. Loss is the mean over predicted tokens, with the head as it is, zeroed, and replaced by its mean; by class of token the last two are what it changes by.'

function findingBlock(finding: KeptFinding, session: Pick<ReportedSession, 'models'>): Block[] {
  const { layer, head, text, holds, over, found, tested, loss, version } = finding
  const words = visibleText(text.replace(/^head \d+\.\d+:?\s*/, ''))
  const number = (value: number | null) => (value === null ? '–' : numberText(value))
  const half = (name: string, { value, spread, baseline, above, windows, p }: typeof found) => [
    name,
    `${number(value)} ± ${number(spread)}`,
    number(baseline),
    `${above ?? '–'} of ${windows}`,
    number(p)
  ]
  return [
    heading(2, `Head ${layer}.${head} · ${modelName(session, finding.model, finding.modelName)}`),
    paragraph(bold(holds ? 'Held: ' : 'Failed: '), words),
    table(
      [
        { name: '' },
        { name: finding.score.replaceAll('_', ' '), isNumber: true },
        { name: 'uniform', isNumber: true },
        { name: 'above', isNumber: true },
        { name: 'p', isNumber: true }
      ],
      [half('found on', found), half('tested on', tested)]
    ),
    ...(loss === null
      ? []
      : [
          paragraph(
            `Loss ${number(loss.loss)}; without the head ${number(loss.zero)} (zeroed), ${number(loss.mean)} (its mean).`
          ),
          ...classTable(loss.classes)
        ]),
    paragraph(
      muted(`Over ${inItsDirection(visibleText(over))}, by Lamella ${visibleText(version)}.`)
    )
  ]
}

/** The loss by class of token, and how it changes; nothing where no class is known. */
function classTable(classes: Readonly<Record<string, ClassLoss>>): Block[] {
  const changes = classChanges(classes)
  if (changes.length === 0) return []
  const names = ['tokens', 'loss', 'zeroed', 'its mean']
  return [
    table(
      [{ name: 'class' }, ...names.map(name => ({ name, isNumber: true }))],
      changes.map(({ name, tokens, loss, zero, mean }) => [
        name,
        ...[exactCount(tokens), numberText(loss), lossChange(zero), lossChange(mean)]
      ])
    )
  ]
}
