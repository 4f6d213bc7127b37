import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { axesOf, parseHookName } from '#common/model/hooks.ts'
import { tokenLabel } from '#common/model/token.ts'
import type { NumericArray } from '../../export/named-arrays.ts'
import { arrayEndings, endingOf, saveArrays } from '../../export/save-arrays.ts'
import { userPath } from './input.ts'
import { outputFile, type OutputFile } from './output-file.ts'

/**
 * Where values of a run are to be written, looked at before anything is computed for it.
 * @throws LamellaError when they cannot be saved under that name
 */
export async function runFile(
  folder: string,
  { out, textFile }: { readonly out: string; readonly textFile?: string }
): Promise<OutputFile> {
  const file = await outputFile(out, [folder], textFile === undefined ? [] : [userPath(textFile)])
  endingOf(file.path, arrayEndings)
  return file
}

/** An array of a run, and what its axes are called. */
export interface RunArray {
  readonly axes: readonly string[]
  readonly array: () => NumericArray | Promise<NumericArray>
}

/** What makes a file of a run. */
export interface RunMade {
  /** Of Lamella. */
  readonly version: string
  /** The command that makes it again. */
  readonly again: string
}

/**
 * Saves the tokens of a run and arrays of it, with what it is of: model, text, edits, provider, version, command.
 * @param attributes what else there is to say of the arrays
 */
export async function saveRun(
  { path, keep }: OutputFile,
  { model, run, version, again }: RunMade & { readonly model: ModelInfo; readonly run: Run },
  arrays: ReadonlyMap<string, RunArray>,
  attributes: Readonly<Record<string, unknown>>
): Promise<void> {
  const { input, edits, provider } = run.source
  const ids = run.tokens.map(({ id }) => id)
  const all = new Map([['tokens', { axes: ['pos'], array: () => integers(ids) }], ...arrays])
  const said = {
    lamella: version,
    model: model.name,
    fingerprint: model.fingerprint,
    provider,
    ...('text' in input && { text: input.text }),
    edits,
    // As it was computed: the trace cache keeps less of some.
    precision: 'float32',
    ...attributes,
    again
  }
  const saved = {
    names: [...all.keys()],
    array: (name: string) => all.get(name)!.array(),
    attributes: JSON.parse(JSON.stringify(said)) as Dataset['attributes'],
    axes: Object.fromEntries([...all].map(([name, { axes }]) => [name, axes])),
    labels: { pos: run.tokens.map(tokenLabel) }
  }
  await saveArrays(path, saved, keep)
}

/** The axes of a hook's value. Of logits of labels the first is of positions or of the text as a whole. */
export function hookAxes(hook: string, { predicts, ofText }: ModelInfo): readonly string[] {
  return hook === 'logits' && predicts === 'labels'
    ? [ofText ? 'batch' : 'pos', 'label']
    : axesOf(parseHookName(hook)!)
}

/** Whole numbers as an array of one axis. */
export function integers(numbers: readonly number[]): NumericArray {
  return { shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) }
}
