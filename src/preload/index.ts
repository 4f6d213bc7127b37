import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  commandChannel,
  connectChannel,
  type DesktopBridge,
  type MenuCommand,
  openChannel,
  openedChannel,
  portChannel,
  portMessage
} from '#common/contract/desktop.ts'

// A port cannot cross the bridge; it can be posted to the page.
ipcRenderer.on(portChannel, event => {
  window.postMessage(portMessage, window.location.origin, [...event.ports])
})

const bridge: DesktopBridge = {
  connect: () => ipcRenderer.send(connectChannel),
  onCommand: listener => {
    ipcRenderer.on(commandChannel, (_event, command: MenuCommand) => listener(command))
  },
  onOpen: listener => {
    ipcRenderer.on(openChannel, (_event, path: string) => listener(path))
    ipcRenderer.send(openedChannel)
  },
  pathOf: file => webUtils.getPathForFile(file as File)
}
contextBridge.exposeInMainWorld('lamella', bridge)
