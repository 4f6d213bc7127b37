import type { z } from 'zod'
import {
  headFile,
  HeadVisConfig,
  HeadVisHead,
  HeadVisScatter,
  type HeadVisRow
} from '#common/analysis/head-sequences/headvis-schema.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { LamellaError } from '#common/model/errors.ts'
import { invalidFile, pathError } from '../files/file-error.ts'
import { fileInFolder, isPlainRelative, openFolder, type Folder } from '../files/folder.ts'
import { occursMore } from '../files/occurs-more.ts'
import { wholeContent } from '../files/whole-content.ts'

/** What a file may have at most, in bytes: those of heads are a few megabytes, as are the numbers of 10,000 heads. */
const mostBytes = 64 * 2 ** 20
/** And values, which take many times their bytes once they are parsed; those with names also take long. */
const most = { values: 2 ** 22, names: 2 ** 20 }

/** A tree that HeadVis shows, as somebody wrote it. */
export interface HeadVisTree {
  readonly config: HeadVisConfig
  /** Of each head, in the order of the file. */
  readonly rows: readonly HeadVisRow[]
  /** @throws LamellaError when there is no such head, or when its file is not one of a head */
  head(layer: number, head: number): Promise<HeadVisHead>
}

/**
 * Opens a HeadVis tree: what is in its files is looked at, and none is read that lies elsewhere.
 * @param path of the folder that holds config.json
 * @throws LamellaError `not-found`, `file-unreadable`, `file-invalid` naming the file, the place in it and the next step
 */
export async function readHeadVis(path: string): Promise<HeadVisTree> {
  const folder = await openFolder(path).catch((thrown: unknown) => {
    throw pathError(path, thrown)
  })
  const config = await parsed(folder, 'config.json', HeadVisConfig).catch((error: unknown) => {
    if (!(error instanceof LamellaError) || error.code !== 'not-found') throw error
    throw new LamellaError(
      'not-found',
      `${path}: there is no config.json in it`,
      'Choose the folder that HeadVis is given as data: it holds config.json, scatter_data.json and heads.'
    )
  })
  const { head_data_pattern: pattern } = config
  if (!isPlainRelative(headFile(pattern, 0, 0)) || pattern.includes('/'))
    throw invalidFile(
      'config.json',
      'head_data_pattern is not the name of a file',
      'It is usually L{layer}H{head}.json.'
    )
  const rows = await parsed(folder, 'scatter_data.json', HeadVisScatter)
  return {
    config,
    rows,
    async head(layer, head) {
      const isThere = config.heads.some(([own, number]) => own === layer && number === head)
      if (!isThere)
        throw new LamellaError(
          'invalid-argument',
          `${path}: there is no head ${layer}.${head}`,
          `There are ${config.heads.length} heads, such as ${(config.heads[0] ?? []).join('.') || 'none'}.`
        )
      const name = headFile(pattern, layer, head)
      const found = await parsed(folder, name, HeadVisHead)
      const wrong = found.sequences.findIndex(({ interval }) => interval > config.n_intervals)
      if (wrong >= 0)
        throw invalidFile(
          name,
          `sequences.${wrong}.interval: ${found.sequences[wrong]!.interval} is beyond the ${config.n_intervals} that config.json tells of`,
          again
        )
      return found
    }
  }
}

const again = 'Write the tree again, or leave this file out.'

/** What a file of JSON holds, once it is what it should be. */
async function parsed<T>(folder: Folder, name: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await wholeContent(await fileInFolder(folder, name), mostBytes)
  const result = schema.safeParse(jsonOf(bytes, name), { reportInput: true })
  if (result.success) return result.data
  throw invalidFile(name, firstFault(result.error), again)
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  if (occursMore(bytes, ',', most.values) || occursMore(bytes, ':', most.names))
    throw invalidFile(
      name,
      `holds more than ${most.values} values, or ${most.names} with names, which are the most`,
      again
    )
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (thrown) {
    const cause = thrown instanceof SyntaxError ? thrown.message : 'its text cannot be read'
    throw invalidFile(name, `is not JSON (${cause})`, again)
  }
}
