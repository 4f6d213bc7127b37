import type { MessagePortMain } from 'electron'
import { serveApi } from '#common/contract/rpc.ts'
import type { Transport } from '#common/contract/transport.ts'
import { lamellaPaths } from '../paths.ts'
import { startWorkbench } from '../workbench.ts'
import { connectMain } from './main-link.ts'

/** The desktop's workbench: a utility process that Electron's main process starts, and starts again when it dies. */
const main = connectMain(process.parentPort)

// Ctrl+C reaches every process of a terminal: main says when this one ends.
process.on('SIGINT', () => undefined)

const starting = startWorkbench(lamellaPaths(), 'desktop', main, {
  choosePath: wish => main.choosePath(wish)
})
main.onClose(() => {
  void starting.then(workbench => workbench.close()).finally(() => process.exit(0))
})
const workbench = await starting
workbench.prepare(true)
main.onWindow(port => serveApi(workbench, mainPortTransport(port)))
main.ready()

/** Electron's ports outside of pages are event emitters, unlike those of pages. */
function mainPortTransport(port: MessagePortMain): Transport {
  return {
    send: message => port.postMessage(message),
    onMessage: listener => {
      port.on('message', event => listener(event.data))
      port.start()
    },
    onClose: listener => port.on('close', listener)
  }
}
