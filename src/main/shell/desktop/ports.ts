import { type IpcMain, type IpcMainEvent, MessageChannelMain } from 'electron'
import { connectChannel, portChannel } from '#common/contract/desktop.ts'
import type { WorkbenchProcess } from './workbench.ts'

/**
 * Gives each window that asks a port to the workbench, once that answers; asks from anywhere but its own page are
 * ignored.
 */
export function handOverPorts(
  ipc: IpcMain,
  workbench: Pick<WorkbenchProcess, 'ready' | 'connect'>,
  origin: string
): void {
  ipc.on(connectChannel, event => {
    if (ownPage(event, origin) === null) return
    void workbench.ready().then(() => {
      // It may have left meanwhile.
      const frame = ownPage(event, origin)
      if (frame === null) return
      const { port1, port2 } = new MessageChannelMain()
      workbench.connect(port1)
      frame.postMessage(portChannel, null, [port2])
    })
  })
}

/** The frame that asks, when it is the whole page of a window and shows Lamella's own. */
export function ownPage({ senderFrame: frame }: IpcMainEvent, origin: string) {
  if (frame === null || frame.isDestroyed() || frame.parent !== null) return null
  return frame.url.startsWith(`${origin}/`) ? frame : null
}
