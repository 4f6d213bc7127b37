import { z } from 'zod'
import type { ItemRef, NamedCorpus } from '#common/model/library.ts'
import { inputText } from '#common/text/input-text.ts'
import { sentencesOf } from '#common/text/sentences.ts'
import type { Run } from '#common/contract/schemas.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/**
 * Texts that are compared with each other: the lines or sentences of the text that is shown, or a pair, a corpus or its sentences by
 * its name.
 */
export const ComparedTexts = z.object({
  kind: z.enum(['lines', 'sentences', 'pair', 'corpus', 'corpus-sentences']),
  name: z.string()
})
export type ComparedTexts = z.output<typeof ComparedTexts>

/** What of the library such texts are; null of the text that is shown. */
export function libraryKind(kind: ComparedTexts['kind']): 'pair' | 'corpus' | null {
  if (kind === 'lines' || kind === 'sentences') return null
  return kind === 'pair' ? kind : 'corpus'
}

/** Characters of a text that it is called by. */
const mostOfText = 200

/** What of the library such texts are, by what it is called; null where they are nothing of it. */
export function itemOf(texts: ComparedTexts | null): ItemRef | null {
  const kind = texts && libraryKind(texts.kind)
  return texts === null || kind === null ? null : { kind, name: texts.name }
}

/** The lines or sentences of a run's text that say something, each a text; null where there are none. @param most of them */
export function partsOf(
  run: Run | null,
  parts: 'lines' | 'sentences',
  most: number
): NamedCorpus | null {
  const input = run?.source.input
  const text = input && 'text' in input ? input.text : ''
  const all = parts === 'lines' ? text.split(/\r?\n/) : sentencesOf(text)
  const said = all.map(line => line.trim()).filter(line => line !== '')
  if (said.length === 0) return null
  const texts = said.slice(0, most).map(text => ({
    name: firstLetters(text, mostOfText),
    input: { text }
  }))
  return { kind: 'corpus', name: `its ${parts}`, of: { texts }, window: null, stride: null }
}

/** The two texts of a pair. */
export function textsOfPair({
  name,
  clean,
  corrupt
}: {
  readonly name: string
  readonly clean: Parameters<typeof inputText>[0]
  readonly corrupt: Parameters<typeof inputText>[0]
}): NamedCorpus {
  const texts = [clean, corrupt].map(input => ({
    name: firstLetters(inputText(input), mostOfText),
    input
  }))
  return { kind: 'corpus', name, of: { texts }, window: null, stride: null }
}
