import type { AnalysisSubject } from '../analysis/subject.ts'
import type { WindowsRead } from '../figure/views/figure-view.ts'
import { corpusInputs } from '../model/library.ts'
import type { RunInput } from '../model/run-input.ts'
import { lastPart } from '../text/last-part.ts'
import { counted } from '../text/number-text.ts'
import { visibleText } from '../text/visible-text.ts'
import type { ReportedSession } from './reported-session.ts'

/** Letters of a text that has no name, by which it is told. */
const mostOfName = 200

/** What a corpus or a pair is called in the session, and its texts; else how many texts it is, or its file. */
export function namedCorpus(
  { inputs }: NonNullable<AnalysisSubject['corpus']>,
  library: ReportedSession['content']['library']
): NonNullable<WindowsRead['corpus']> {
  const isIt = (of: readonly object[]) => JSON.stringify(of) === JSON.stringify(inputs)
  for (const item of library) {
    if (item.kind === 'corpus' && isIt(corpusInputs(item.of))) {
      const texts = 'path' in item.of ? null : item.of.texts.map(({ name }) => visibleText(name))
      return { name: item.name, texts }
    }
    if (item.kind === 'pair' && isIt([item.clean, item.corrupt]))
      return { name: item.name, texts: ['clean', 'corrupt'] }
  }
  const [first] = inputs
  const isFile = inputs.length === 1 && first !== undefined && 'path' in first
  const texts = inputs.every(input => 'text' in input)
    ? inputs.map(({ text }) => visibleText(text.slice(0, mostOfName)))
    : null
  return { name: isFile ? lastPart(first.path) : counted(inputs.length, 'text'), texts }
}

/** The text or ids that are read, where that is all; null of a corpus. */
export function inputOf({
  inputs,
  stride,
  sentences
}: NonNullable<AnalysisSubject['corpus']>): RunInput | null {
  const [input] = inputs
  if (input === undefined || inputs.length > 1 || 'path' in input) return null
  if (stride !== null || sentences) return null
  return input
}
