/**
 * A process that puts a link in a folder's place and the folder back, again and again:
 * `node swapper.ts FOLDER AWAY TARGET`. It says so once it has begun. After every 32nd round the
 * folder rests for a millisecond, so that whole reads of it occur, too.
 */
import { renameSync, symlinkSync, unlinkSync, writeSync } from 'node:fs'

const [folder, away, target] = process.argv.slice(2) as [string, string, string]
const pause = new Int32Array(new SharedArrayBuffer(4))
for (let round = 0; ; round++) {
  renameSync(folder, away)
  symlinkSync(target, folder)
  unlinkSync(folder)
  renameSync(away, folder)
  if (round === 0) writeSync(1, 'begun')
  if (round % 32 === 0) Atomics.wait(pause, 0, 0, 1)
}
