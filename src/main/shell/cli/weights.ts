import { InvalidArgumentError } from 'commander'
import type { Client } from '#common/contract/rpc.ts'
import { writeSafetensors } from '../../export/safetensors.ts'
import { endingOf } from '../../export/save-arrays.ts'
import { modelToRun, type Warn } from './commands.ts'
import { outputFile } from './output-file.ts'
import type { RunMade } from './save-run.ts'

export interface WeightsOptions {
  readonly tensor: string
  readonly range?: [number, number][]
  readonly out: string
}

/** Writes a stored tensor, or a part of it, to a file, in its own type of numbers; no more of the model's files is read. */
export async function weights(
  client: Client,
  folder: string,
  { tensor, range, out }: WeightsOptions,
  warn: Warn,
  { version, again }: RunMade
): Promise<string> {
  const { path, keep } = await outputFile(out, [folder], [])
  endingOf(path, ['safetensors'])
  const { id: modelId, name: model, fingerprint } = await modelToRun(client, folder, warn)
  const found = await client.call('models.slice', { modelId, tensor, range: range ?? null })
  const { dtype, shape, bytes } = found
  const said = {
    ...{ lamella: version, model, fingerprint, tensor, again },
    ...(range !== undefined && { range: JSON.stringify(range) })
  }
  await writeSafetensors(path, [tensor], () => ({ dtype, shape, data: bytes }), said, keep)
  return `${path}: ${tensor} [${shape.join(', ')}] of ${dtype}`
}

/** @throws InvalidArgumentError when it is no list of ranges such as `0:300,100:300` */
export function ranges(list: string): [number, number][] {
  return list.split(',').map(part => {
    const [, from, to] = /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(part) ?? []
    const range: [number, number] = [Number(from), Number(to)]
    if (from === undefined || !range.every(Number.isSafeInteger) || range[0] > range[1])
      throw new InvalidArgumentError(
        'Expected a range of each axis, such as 0:300,100:300: the first and the one after the last.'
      )
    return range
  })
}
