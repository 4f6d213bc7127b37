import { editText } from '../text/edit-text.ts'
import { visibleText } from '../text/visible-text.ts'
import type { RunSource } from '../model/run-source.ts'

/** What a saved figure says of where it comes from. */
export interface Provenance {
  /** Of Lamella. */
  readonly version: string
  readonly of: Origin
  /** What is taken from that, in a difference; else null. */
  readonly less: Origin | null
  /** What stands beside it in the same file; left out where nothing does. */
  readonly beside?: Origin
  /** What its numbers are rounded to. */
  readonly precision: 'float32' | 'float16'
}

/** A run, and what of it is shown. */
export interface Origin {
  readonly model: string
  /** Of the model's files. */
  readonly fingerprint: string
  readonly input: RunSource['input']
  readonly edits: RunSource['edits']
  readonly provider: string
  /** In the model, such as `Head 0.1`. */
  readonly place: string
}

/** A provenance in lines, one for each thing that it says; folders of the machine are not among them. */
export function provenanceLines({ version, of, less, beside, precision }: Provenance): string[] {
  return [
    `Made by Lamella ${version}`,
    ...originLines(of, precision),
    ...(less === null ? [] : ['Less:', ...originLines(less, precision)]),
    ...(beside === undefined ? [] : ['Beside:', ...originLines(beside, precision)])
  ].map(visibleText)
}

function originLines(of: Origin, precision: Provenance['precision']): string[] {
  const input =
    'text' in of.input ? `Text: ${of.input.text}` : `Token ids: ${of.input.ids.join(', ')}`
  return [
    `Model: ${of.model}, files ${of.fingerprint}`,
    of.place,
    input,
    `Edits: ${of.edits.map(editText).join('; ') || 'none'}`,
    `Computed by: ${of.provider}, kept in ${precision}`
  ]
}
