import { readFileSync, writeFileSync } from 'node:fs'

/** A tensor as a safetensors file has it. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

type Header = Record<string, Omit<StoredTensor, 'name' | 'bytes'> & { data_offsets: number[] }>

export function storedTensors(file: string): StoredTensor[] {
  const bytes = readFileSync(file)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Header
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from = 0, to = 0]
        }
      ]) => ({
        ...{ name, dtype, shape },
        bytes: bytes.subarray(start + from, start + to)
      })
    )
}

export function storeTensors(file: string, tensors: readonly StoredTensor[]): void {
  let at = 0
  const header: Header = {}
  for (const { name, dtype, shape, bytes } of tensors)
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
  const json = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(json.length))
  writeFileSync(file, Buffer.concat([size, json, ...tensors.map(({ bytes }) => bytes)]))
}
