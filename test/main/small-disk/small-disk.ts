import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Has a program have file systems of its own, seen by nobody else, which end with it. */
const alone = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user']
const mounting = (options: string, folder: string, program: readonly string[]) => [
  ...[...alone, 'sh', '-c', 'mount -t tmpfs -o "$0" tmpfs "$1" && shift && exec "$@"'],
  ...[options, folder, ...program]
]

/** Whether this machine lets a program have a disk of its own. */
export const hasSmallDisks = process.platform === 'linux' && canMount()

function canMount(): boolean {
  const folder = newFolder()
  try {
    execFileSync('unshare', mounting('size=64k', folder, ['true']), { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Runs a program of this folder that has a small disk for itself, at the folder that it is given.
 * @param options of the disk, as `mount` takes them, such as `size=256k`
 * @returns what the program prints, as JSON
 */
export function onSmallDisk(options: string, program: string): unknown {
  const folder = newFolder()
  const words = [process.execPath, join(import.meta.dirname, program), folder]
  try {
    const said = execFileSync('unshare', mounting(options, folder, words), { encoding: 'utf8' })
    return JSON.parse(said)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lamella-disk-'))
}
