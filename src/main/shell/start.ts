import { spawn } from 'node:child_process'
import { electronBinary, fetchElectron } from './electron-binary.ts'
import { lamellaPaths } from './paths.ts'
import { closeOnSignal, serve } from './serve.ts'
import { hasDisplay } from './serve/open-browser.ts'

/** `npm start`: the desktop where it can be had, else the window in a browser. */
const paths = lamellaPaths()
const print = (line: string) => void process.stdout.write(`${line}\n`)

const obstacle = process.env.LAMELLA_SHELL === 'serve' ? '' : await startDesktop()
if (obstacle !== null) {
  if (obstacle !== '') print(`${obstacle}; serving the window to a browser instead`)
  try {
    closeOnSignal(await serve({ paths, open: true, print }))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}

/** @returns why there is no desktop, or null when there was one and it has been closed */
async function startDesktop(): Promise<string | null> {
  if (!hasDisplay()) return 'There is no display here'
  const fetching = () => print('Fetching Electron, about 110 MB, once')
  const binary = electronBinary() ?? (await fetchElectron(fetching))
  if (binary === null) return 'Electron cannot be fetched'
  const began = performance.now()
  const desktop = spawn(binary, [paths.root], { stdio: 'inherit' })
  const status = await new Promise<number>(resolve => {
    desktop.on('exit', code => resolve(code ?? 1))
    desktop.on('error', () => resolve(1))
  })
  // What ends in error at once could not start here, for want of a library or a sandbox.
  if (status !== 0 && performance.now() - began < 5_000) return 'Electron cannot start here'
  process.exitCode = status
  return null
}
