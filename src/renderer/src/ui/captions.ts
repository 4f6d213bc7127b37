import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { inputText } from '#common/text/input-text.ts'

/** One of two that are shown beside each other. */
export interface Captioned {
  readonly model: ModelInfo
  readonly run: Pick<Run, 'source'>
  /** What of the model it is, such as `Head 0.1`; empty for all of it. */
  readonly name: string
}

/**
 * What tells two apart, for each: its name, and of model, text and edits what is not the same.
 * @param modelName what a model is called among those that are open
 */
export function captions(
  a: Captioned,
  b: Captioned,
  modelName: (model: ModelInfo) => string
): [string, string] {
  const parts: ((own: Captioned) => string)[] = [
    ({ model }) => modelName(model),
    ({ name }) => name,
    ({ run: { source } }) => shortened(inputText(source.input)),
    ({ run: { source } }) => (source.edits.length === 0 ? 'unedited' : 'edited')
  ]
  const telling = parts.filter((part, i) => (i === 1 && part(a) !== '') || part(a) !== part(b))
  const said = (own: Captioned) => telling.map(part => part(own)).join(' · ')
  return [said(a), said(b)]
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
