/**
 * Runs every check there is: those that only read the sources side by side, since each keeps one processor busy at most, and
 * then the tests. What one says is shown when it has ended, whole; all are told of before the first failure ends it.
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

const waiting = readers.values()
async function checkInTurn(): Promise<void> {
  for (const script of waiting) await check(script)
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, checkInTurn))

if (failed.length > 0) {
  process.stdout.write(`${failed.join(', ')} failed; no test was run\n`)
  process.exitCode = 1
} else {
  const tests = spawn('npm', ['run', '--silent', 'spec'], {
    stdio: 'inherit',
    shell: process.platform === 'win32'
  })
  process.exitCode = await new Promise<number>(resolve =>
    tests.once('close', status => resolve(status ?? 1))
  )
}
