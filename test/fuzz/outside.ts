import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dict, tensor, whole } from '../bad/pickle.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { torchZip } from '../bad/zip.ts'

/** Fills a folder with sound files that no case may read: made-up links and names lead here. */
export function writeOutside(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const secret = { name: 'secret', dtype: 'U8', shape: [4], data: new Uint8Array(4) }
  writeFileSync(join(folder, 'secret.safetensors'), soundSafetensors([secret]))
  writeFileSync(join(folder, 'secret.bin'), torchZip(whole(dict({ secret: tensor() }))))
  writeFileSync(join(folder, 'secret.json'), '{"secret":0}')
  writeFileSync(join(folder, 'secret.data'), new Uint8Array(4096))
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe')])
}

/** Ways to them from inside a model folder, and other ways nowhere good. */
export const waysOut = [
  ...['../outside/secret.safetensors', '../outside/secret.bin', '../outside/secret.json'],
  ...['../outside/secret.data', '../outside/pipe', '../outside', '..', '/etc/passwd', '/dev/zero'],
  ...['nowhere', 'loop', 'sub/../../outside/secret.bin']
]
