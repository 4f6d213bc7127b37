import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import '@fontsource-variable/noto-sans-hebrew'
import 'dockview-vue/dist/styles/dockview.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/dock.css'
import { createPinia } from 'pinia'
import { toLamellaError } from '#common/model/errors.ts'
import { askAhead } from './ask-ahead.ts'
import { connectWorkbench } from './connect.ts'
import { keptInTab } from './kept-in-tab.ts'
import { ofThisPage } from './of-this-page.ts'
import { useStatus } from './stores/status.ts'
import { startPainting } from './ui/figure/raster-painter.ts'

const pinia = createPinia()
const status = useStatus(pinia)

try {
  // The first maps wait for the workbench, the threads that paint and the window's code: for all of them at once.
  const connecting = connect()
  startPainting()
  const [{ showWindow }, client] = await Promise.all([import('./show-window.ts'), connecting])
  await showWindow(client, pinia)
} catch (thrown) {
  const { message, hint } = toLamellaError(thrown)
  const note = document.createElement('p')
  note.setAttribute('role', 'alert')
  note.textContent = hint === undefined ? message : `${message}. ${hint}`
  document.querySelector('#app')!.replaceChildren(note)
}

async function connect() {
  const client = await connectWorkbench(
    state => void status.setConnection(state === 'connected'),
    () => (status.refused = true)
  )
  const own = keptInTab(
    ofThisPage(client),
    () => (status.goesOn = true),
    () => status.refused
  )
  return askAhead(own, window.location.search === '')
}
