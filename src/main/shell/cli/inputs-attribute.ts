import { basename } from 'node:path'
import type { CorpusInput } from '#common/analysis/subject.ts'

/** What was read, for a file of numbers to say: texts, token ids, names of files without their folders; nothing of weights. */
export function inputsAttribute(inputs: readonly CorpusInput[]): { readonly inputs?: string[] } {
  if (inputs.length === 0) return {}
  return { inputs: inputs.map(inputText) }
}

function inputText(input: CorpusInput): string {
  if ('text' in input) return `text: ${input.text}`
  return 'ids' in input ? `token ids: ${input.ids.join(', ')}` : `file: ${basename(input.path)}`
}
