/**
 * Runs every check there is: those that only read the sources side by side, since each keeps one processor busy at most, and
 * the tests as soon as one processor has no more to read; none are run where something failed by then. What one says is shown
 * when it has ended, whole, and once more by its name at the end.
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Scripts of package.json; those that take longest first. */
const readers = ['lint', 'types', 'format', 'imports']
const failed: string[] = []

async function check(script: string): Promise<void> {
  const began = performance.now()
  const child = spawn('npm', ['run', '--silent', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm is a script of the shell's on Windows.
    shell: process.platform === 'win32'
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => said.push(chunk))
  const status = await new Promise(resolve => child.once('close', resolve))
  const seconds = Math.round((performance.now() - began) / 1000)
  if (status !== 0) failed.push(script)
  const outcome = status === 0 ? 'passed' : 'failed'
  process.stdout.write(`${script} ${outcome} in ${seconds} s\n`)
  if (status !== 0) process.stdout.write(Buffer.concat(said))
}

/** The tests, shown as they run. @returns their exit status */
async function test(): Promise<number> {
  const tests = spawn('npm', ['run', '--silent', 'spec'], {
    stdio: 'inherit',
    shell: process.platform === 'win32'
  })
  return new Promise(resolve => tests.once('close', status => resolve(status ?? 1)))
}

const waiting = readers.values()
async function checkInTurn(): Promise<void> {
  for (const script of waiting) await check(script)
}
const turns = Array.from({ length: Math.min(2, availableParallelism()) }, checkInTurn)
await Promise.race(turns)
const tested = failed.length === 0 ? test() : Promise.resolve(0)
await Promise.all(turns)
const status = await tested
if (failed.length > 0) process.stdout.write(`${failed.join(', ')} failed\n`)
process.exitCode = failed.length > 0 ? 1 : status
