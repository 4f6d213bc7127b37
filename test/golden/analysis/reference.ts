import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGolden } from '../compare.ts'

/** The files of a group of references, without their endings. */
export function references(group: string): string[] {
  return readdirSync(join(import.meta.dirname, group))
    .filter(name => name.endsWith('.safetensors'))
    .map(name => name.replace(/\.safetensors$/, ''))
}

/** A file of references: its scalars, and its arrays by name. */
export async function readReference<Scalars>(group: string, name: string) {
  const file = join(import.meta.dirname, group, name)
  const scalars = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Scalars
  const arrays = await readGolden(`${file}.safetensors`)
  const integers = async (tensor: string) => [...(await arrays.read(tensor))]
  return { scalars, integers, ...arrays }
}
