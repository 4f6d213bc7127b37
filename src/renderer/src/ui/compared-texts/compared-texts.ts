import { z } from 'zod'
import type { NamedCorpus } from '#common/model/library.ts'
import { inputText } from '#common/text/input-text.ts'
import type { Run } from '#common/contract/schemas.ts'

/** Texts that are compared with each other: the lines of the text that is shown, or a pair or corpus by its name. */
export const ComparedTexts = z.object({
  kind: z.enum(['lines', 'pair', 'corpus']),
  name: z.string()
})
export type ComparedTexts = z.output<typeof ComparedTexts>

/** Characters of a text that it is called by. */
const mostOfText = 200

/** The lines of a run's text that say something, each a text; null where there are none. @param most of them */
export function linesOf(run: Run | null, most: number): NamedCorpus | null {
  const input = run?.source.input
  const lines = input && 'text' in input ? input.text.split(/\r?\n/) : []
  const said = lines.map(line => line.trim()).filter(line => line !== '')
  if (said.length === 0) return null
  const texts = said.slice(0, most).map(text => ({
    name: text.slice(0, mostOfText),
    input: { text }
  }))
  return { kind: 'corpus', name: 'its lines', of: { texts }, window: null, stride: null }
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
    name: inputText(input).slice(0, mostOfText),
    input
  }))
  return { kind: 'corpus', name, of: { texts }, window: null, stride: null }
}
