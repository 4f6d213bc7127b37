import type { Corpus, NamedInputs } from '../analysis/subject.ts'
import { corpusInputs } from '../model/library.ts'
import type { RunInput } from '../model/run-input.ts'
import { corpusName } from '../text/corpus-text.ts'
import { visibleText } from '../text/visible-text.ts'
import type { ReportedSession } from './reported-session.ts'

/** What a corpus or a pair is called in the session, and its texts; else how many texts it is, or its file. */
export function namedCorpus(
  { inputs }: Corpus,
  library: ReportedSession['content']['library']
): NamedInputs & { readonly texts: readonly string[] | null } {
  const isIt = (of: readonly object[]) => JSON.stringify(of) === JSON.stringify(inputs)
  for (const item of library) {
    if (item.kind === 'corpus' && isIt(corpusInputs(item.of))) {
      const texts = 'path' in item.of ? null : item.of.texts.map(({ name }) => visibleText(name))
      return { name: item.name, inputs, texts }
    }
    if (item.kind === 'pair' && isIt([item.clean, item.corrupt]))
      return { name: item.name, inputs, texts: ['clean', 'corrupt'] }
  }
  return { name: corpusName(inputs), inputs, texts: null }
}

/** The text or ids that are read, where that is all; null of a corpus. */
export function inputOf({ inputs, stride, sentences }: Corpus): RunInput | null {
  const [input] = inputs
  if (input === undefined || inputs.length > 1 || 'path' in input) return null
  if (stride !== null || sentences) return null
  return input
}
