import type { Edit } from '../model/edit.ts'
import type { RunInput } from '../model/run-input.ts'
import type { OtherSide, Sides } from '../model/sides.ts'
import { paramTexts } from './params-text.ts'
import { pathWord, shellWord } from './shell-word.ts'

/** A longer text is read from a file, as is one with what no command can have. */
const mostLetters = 2000

/** What a command is of. */
interface Origin {
  /** Of the model. */
  readonly folder: string
  readonly input: RunInput | null
  readonly edits: readonly Edit[]
  readonly provider: string
}

/** What is asked of it. */
interface Asked {
  readonly params: Readonly<Record<string, unknown>>
  /** Folder of the other model, where two are compared. */
  readonly with?: string
}

/**
 * The command that makes an analysis again, as a shell takes it.
 * @param out the file for its numbers
 */
export function analysisCommandText(
  {
    analysis,
    params,
    with: other,
    window = null
  }: Asked & { readonly analysis: string; readonly window?: number | null },
  origin: Origin,
  out: string
): string {
  const { folder } = origin
  const parts = [
    `npm run --silent lamella -- analyse ${shellWord(analysis)} ${pathWord(folder)}`,
    ...(other === undefined ? [] : [pathWord(other)]),
    ...settings(params),
    ...ofRun(origin),
    ...(window === null ? [] : [`--window ${window}`]),
    `--out ${shellWord(out)}`
  ]
  return parts.join(' ')
}

/**
 * A command of a model and a text, as a shell takes it.
 * @param runs whether it runs the text, and does not only split it
 * @param options as they are typed
 */
export function plainCommandText(
  {
    command,
    runs,
    options
  }: { readonly command: string; readonly runs: boolean; readonly options: readonly string[] },
  origin: Origin
): string {
  const { folder, input } = origin
  // What only splits texts has a word of its own for ids.
  const split = input && ('ids' in input ? `--decode ${input.ids.join(',')}` : inputText(input))
  return [
    `npm run --silent lamella -- ${command} ${pathWord(folder)}`,
    ...(runs ? ofRun(origin) : split === null ? [] : [split]),
    ...options.map(shellWord)
  ].join(' ')
}

/**
 * The command that makes a figure again, as a shell takes it.
 * @param options how it is drawn, as they are typed
 */
export function figureCommandText(
  {
    view,
    params,
    sides,
    with: folder,
    ...other
  }: Asked & OtherSide & { readonly view: string; readonly sides?: Sides },
  origin: Origin,
  out: string,
  options: readonly string[] = []
): string {
  const parts = [
    `npm run --silent lamella -- figure ${pathWord(origin.folder)} --view ${shellWord(view)}`,
    ...(sides === undefined ? [] : [`--sides ${sides}`]),
    ...(folder === undefined ? [] : [`--with ${shellWord(folder)}`]),
    ...settings(params),
    ...ofRun(origin),
    ...ofOther(other, origin),
    ...options.map(shellWord),
    `--out ${shellWord(out)}`
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
    `npm run --silent lamella -- figure ${pathWord(session)} --figure ${shellWord(figure)}`,
    ...options.map(shellWord),
    `--out ${shellWord(out)}`
  ]
  return parts.join(' ')
}

/**
 * A command about a session.
 * @param session path of its file
 * @param what is asked, as it is typed
 */
export function sessionCommandText(session: string, what: string): string {
  return `npm run --silent lamella -- session ${pathWord(session)} ${what}`
}

/** Params as a command takes them. */
export function settingsText(params: Readonly<Record<string, unknown>>): string {
  return settings(params).join(' ')
}

function settings(params: Readonly<Record<string, unknown>>, option = 'set'): string[] {
  return paramTexts(params).map(text => `--${option} ${shellWord(text)}`)
}

function ofRun({ input, edits, provider }: Origin): string[] {
  return [
    ...(input === null ? [] : [inputText(input)]),
    ...edits.map(edit => editOption(edit)),
    ...(input === null ? [] : [`--provider ${shellWord(provider)}`])
  ]
}

/** What of the second is not as it is of the first; edits are each one's own. */
function ofOther(
  { withView, withParams = {}, withRun }: OtherSide,
  own: Pick<Origin, 'input'>
): string[] {
  const isSame = JSON.stringify(withRun?.input) === JSON.stringify(own.input)
  const left = Object.keys(withParams).filter(name => withParams[name] === null)
  return [
    ...(withView === undefined ? [] : [`--with-view ${shellWord(withView)}`]),
    ...settings(withParams, 'with-set'),
    ...left.map(name => `--with-set ${shellWord(`${name}=null`)}`),
    ...(withRun === undefined || isSame ? [] : [inputText(withRun.input, 'with-')]),
    ...(withRun?.edits ?? []).map(edit => editOption(edit, 'with-edit')),
    ...(withRun?.provider === undefined ? [] : [`--with-provider ${shellWord(withRun.provider)}`])
  ]
}

function editOption(edit: Edit, option = 'edit'): string {
  return `--${option} ${shellWord(JSON.stringify(edit))}`
}

/** @param prefix of its options' names */
function inputText(input: RunInput, prefix = ''): string {
  if ('ids' in input) return `--${prefix}tokens ${input.ids.join(',')}`
  return input.text.length > mostLetters || input.text.includes('\0')
    ? `--${prefix}text-file TEXT.txt`
    : `--${prefix}text ${shellWord(input.text)}`
}
