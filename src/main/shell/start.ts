import { runDesktop } from './desktop-program.ts'
import { electronBinary } from './electron-binary.ts'
import { fetchElectron } from './electron-download.ts'
import { lamellaPaths } from './paths.ts'
import { announce, closeOnSignal, serve } from './serve.ts'
import { hasDisplay } from './serve/open-browser.ts'

/** `npm start`: the desktop where it can be had, else the window in a browser. */
const paths = lamellaPaths()
const print = (line: string) => void process.stdout.write(`${line}\n`)

const obstacle = process.env.LAMELLA_SHELL === 'serve' ? '' : await startDesktop()
if (obstacle !== null) {
  if (obstacle !== '') print(`${obstacle}; serving the window to a browser instead`)
  try {
    const server = await serve({ paths })
    closeOnSignal(server)
    announce(server, { paths, open: true, print })
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}

/** @returns why there is no desktop, or null when there was one and it has ended */
async function startDesktop(): Promise<string | null> {
  if (!hasDisplay()) return 'There is no display here'
  const began = () => print('Fetching Electron, about 110 MB, once')
  const found = electronBinary()
  const electron = found === null ? await fetchElectron({ began }) : { program: found }
  if ('obstacle' in electron) return electron.obstacle
  const { status, reason, atOnce } = await runDesktop(electron.program, paths.root)
  process.exitCode = status
  if (reason === null) return null
  if (atOnce) {
    process.exitCode = 0
    return `Electron cannot start here (${reason})`
  }
  process.stderr.write(`The desktop ended (${reason}); what was saved is kept\n`)
  return null
}
