import type { CorpusInput, Cut, NamedInputs } from '../analysis/subject.ts'
import { lastPart } from './last-part.ts'
import { counted } from './number-text.ts'

/** What is read, in a line; folders of the machine are not in it. */
export function readText(input: CorpusInput): string {
  if ('text' in input) return `Text: ${input.text}`
  return 'ids' in input ? `Token ids: ${input.ids.join(', ')}` : `File: ${lastPart(input.path)}`
}

/** How what is read is cut into windows, such as `up to 64 tokens, each 32 after the one before`. */
export function cutText({ window, stride, sentences }: Cut): string {
  if (sentences) return 'a sentence each'
  const length =
    window === null ? 'as many tokens as the model takes' : `up to ${counted(window, 'token')}`
  return stride === null ? length : `${length}, each ${stride} after the one before`
}

/** What a corpus is called that has no name: by its file, or how many texts it is. */
export function corpusName(inputs: readonly CorpusInput[]): string {
  const [first] = inputs
  return inputs.length === 1 && first !== undefined && 'path' in first
    ? lastPart(first.path)
    : counted(inputs.length, 'text')
}

/** A corpus whose files are told by the last parts of their paths. */
export function namesAlone({ name, inputs }: NamedInputs): NamedInputs {
  return { name, inputs: lastParts(inputs) }
}

/** What is read, files by the last parts of their paths. */
export function lastParts(inputs: readonly CorpusInput[]): CorpusInput[] {
  return inputs.map(own => ('path' in own ? { path: lastPart(own.path) } : own))
}
