import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hooksWithinBlocks } from '#common/analysis/harvest/hook-values.ts'
import { filesIn, type CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { shapeOf, variable, type Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { counted } from '#common/text/number-text.ts'
import { saveDataset } from '../../export/dataset.ts'
import { checkWritable, sweepParts, writeWholeFile } from '../../export/whole-file.ts'
import { inMadeFolder } from '../../files/make-folder.ts'
import { ownContent } from '../../files/whole-content.ts'
import { sha256 } from '../../files/sha256.ts'
import { analysisRun, checkReading, subjectOf, warnOfResult } from './analysis-run.ts'
import type { Told } from './tell-result.ts'
import { hooksOf } from './commands.ts'
import { isHarvested } from './harvested-window.ts'
import { userPath } from './input.ts'
import { outputFile } from './output-file.ts'

export interface HarvestOptions {
  readonly hooks: string
  readonly out: string
  readonly window?: number
  readonly stride?: number
  readonly provider: ProviderChoice
}

/** What says of a folder what its files are of. */
const manifest = 'harvest.json'
const mostManifest = 2 ** 30

/**
 * Writes the values of hooks for every window of texts, a safetensors file each. A harvest that was ended goes on where it
 * was: the files that are missing become what they would have been.
 * @throws LamellaError when the folder has something else in it, also under a window's name, or cannot be written
 */
export async function harvest(
  client: Client,
  folder: string,
  inputs: CorpusInput[],
  options: HarvestOptions,
  told: Told
): Promise<void> {
  if (inputs.length === 0)
    throw new LamellaError('invalid-argument', 'A text is needed, token ids or a text file')
  const path = userPath(options.out)
  // Of what was refused nothing is left, of what was ended all.
  await inMadeFolder(path, () => harvestInto(client, folder, inputs, options, told, path))
}

async function harvestInto(
  client: Client,
  folder: string,
  inputs: CorpusInput[],
  options: HarvestOptions,
  { version, print, printError }: Told,
  path: string
): Promise<void> {
  const { hooks: patterns, window = null, stride = null, provider: choice } = options
  const texts = filesIn(inputs)
  const { keep } = await outputFile(join(path, manifest), [folder], texts)
  const reading = { inputs, window, stride, provider: choice }
  checkReading(reading)
  const { model, of } = await subjectOf(client, folder, reading, [], printError)
  const hooks = hooksWithinBlocks(hooksOf(patterns, model.hooks).join(), model)
  const cut = await analysisRun(
    client,
    { name: 'window-tokens', params: {}, of, with: null },
    printError
  )
  const windows = windowsOf(cut)
  const before = await ownContent(join(path, manifest), mostManifest)
    .then(bytes => bytes.toString('utf8'))
    .catch(() => null)
  // What was chosen for the first window is for all of them, also where a harvest goes on.
  const provider = cut.attributes['provider'] as ProviderChoice
  const said = `${JSON.stringify(
    {
      lamella: version,
      ...{ model: model.name, fingerprint: model.fingerprint, provider },
      ...{ hooks, window, stride, precision: 'float32' },
      windows: windows.map(({ file, label, ids }) => ({
        ...{ file, label, tokens: ids.length },
        ids_sha256: sha256([ids.join()])
      }))
    },
    null,
    1
  )}\n`
  await begin(path, before, said, keep)
  let written = 0
  for (const [i, { file, label, ids }] of windows.entries()) {
    const place = join(path, file)
    const attributes = { label, fingerprint: model.fingerprint }
    if (await isHarvested(place, { ids: Int32Array.from(ids), hooks, attributes })) continue
    printError(`${label} (${i + 1} of ${windows.length})\n`)
    const corpus = { inputs: [{ ids }], window: null, stride: null }
    const found = await client.call('analysis.run', {
      name: 'hook-values',
      params: { hooks: hooks.join() },
      of: { ...of, corpus, provider },
      with: null
    })
    // What is unknown was said of all windows.
    const { not_finite } = found.attributes
    if (not_finite !== undefined) warnOfResult({ not_finite }, line => printError(`${line}\n`))
    await saveDataset(place, { ...found, attributes }, keep)
    written++
  }
  const already = windows.length - written
  print(
    `${path}: ${counted(windows.length, 'window')} of ${counted(hooks.length, 'hook')}${already > 0 ? `, ${already} of them from before` : ''}\n`
  )
}

/** Writes what the folder is of, or sees that it is the same. */
async function begin(
  path: string,
  before: string | null,
  said: string,
  keep: readonly string[]
): Promise<void> {
  if (before === said) return
  await sweepParts(path)
  const others = await readdir(path)
  if (others.length > 0)
    throw new LamellaError(
      'invalid-argument',
      before === null
        ? `${path}: something is in that folder, and nothing is written over`
        : `${path}: has another harvest in it: of another model, text, window, provider or version, or of other hooks`,
      'Choose an empty folder, or a new one.'
    )
  await checkWritable(join(path, manifest), keep)
  const bytes = new TextEncoder().encode(said)
  await writeWholeFile(join(path, manifest), file => file.append(bytes), keep)
}

interface HarvestWindow {
  readonly file: string
  readonly label: string
  readonly ids: number[]
}

function windowsOf(cut: Dataset): HarvestWindow[] {
  const [all, sizes] = [variable(cut, 'id').data, variable(cut, 'size').data]
  const [count = 0] = shapeOf(cut, variable(cut, 'size'))
  const digits = Math.max(6, String(count).length)
  let at = 0
  return [...sizes].map((size, i) => {
    const ids = [...all.subarray(at, (at += size))]
    const label = cut.axes['window']!.labels?.[i] ?? `window ${i}`
    return { file: `window-${String(i).padStart(digits, '0')}.safetensors`, label, ids }
  })
}
