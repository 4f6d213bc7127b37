import { type IpcMain, type IpcMainEvent, MessageChannelMain, type MessagePortMain } from 'electron'
import { connectChannel, portChannel } from '#common/contract/desktop.ts'
import { type ApiSource, serveApi } from '#common/contract/rpc.ts'
import type { Transport } from '#common/contract/transport.ts'

/** Gives each window that asks a port to the workbench; asks from anywhere but its own page are ignored. */
export function handOverPorts(ipc: IpcMain, source: ApiSource, origin: string): void {
  ipc.on(connectChannel, event => {
    const frame = event.senderFrame
    if (frame === null || !isOwnPage(event, origin)) return
    const { port1, port2 } = new MessageChannelMain()
    serveApi(source, mainPortTransport(port1))
    frame.postMessage(portChannel, null, [port2])
  })
}

function isOwnPage({ senderFrame: frame }: IpcMainEvent, origin: string): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${origin}/`)
}

/** Electron's ports in the main process are event emitters, unlike those of pages. */
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
