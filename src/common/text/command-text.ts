import type { Edit } from '../model/edit.ts'
import type { RunInput } from '../model/run-input.ts'

/** A longer text is read from a file. */
const mostLetters = 2000

/**
 * The command that makes a figure again, as a shell takes it.
 * @param folder of the model
 * @param options how it is drawn, as they are typed
 */
export function figureCommandText(
  { view, params }: { readonly view: string; readonly params: Readonly<Record<string, unknown>> },
  {
    folder,
    input,
    edits,
    provider
  }: {
    readonly folder: string
    readonly input: RunInput | null
    readonly edits: readonly Edit[]
    readonly provider: string
  },
  out: string,
  options: readonly string[] = []
): string {
  const set = Object.entries(params)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `--set ${quoted(`${key}=${settingText(value)}`)}`)
  const parts = [
    `npm run --silent lamella -- figure ${quoted(folder)} --view ${quoted(view)}`,
    ...set,
    ...(input === null ? [] : [inputText(input)]),
    ...edits.map(edit => `--edit ${quoted(JSON.stringify(edit))}`),
    ...(input === null ? [] : [`--provider ${quoted(provider)}`]),
    ...options.map(quoted),
    `--out ${quoted(out)}`
  ]
  return parts.join(' ')
}

/**
 * The command that draws a figure of a session again.
 * @param session path of its file
 */
export function sessionFigureCommandText(
  { session, figure }: { readonly session: string; readonly figure: string },
  out: string,
  options: readonly string[] = []
): string {
  const parts = [
    `npm run --silent lamella -- figure ${quoted(session)} --figure ${quoted(figure)}`,
    ...options.map(quoted),
    `--out ${quoted(out)}`
  ]
  return parts.join(' ')
}

function settingText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function inputText(input: RunInput): string {
  if ('ids' in input) return `--tokens ${input.ids.join(',')}`
  return input.text.length > mostLetters ? '--text-file TEXT.txt' : `--text ${quoted(input.text)}`
}

/** In quotes where a shell would take it for more than a word. */
function quoted(text: string): string {
  return /^[\w./:=,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
