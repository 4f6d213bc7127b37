/**
 * A process that puts a link in a folder's place and the folder back, again and again:
 * `node swapper.ts FOLDER AWAY TARGET`. It says so once it has begun.
 */
import { renameSync, symlinkSync, unlinkSync, writeSync } from 'node:fs'

const [folder, away, target] = process.argv.slice(2) as [string, string, string]
for (let round = 0; ; round++) {
  renameSync(folder, away)
  symlinkSync(target, folder)
  unlinkSync(folder)
  renameSync(away, folder)
  if (round === 0) writeSync(1, 'begun')
}
