import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import '@fontsource-variable/noto-sans-hebrew'
import 'dockview-vue/dist/styles/dockview.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/dock.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import App from './App.vue'
import { connectWorkbench } from './connect.ts'
import { setClient } from './stores/client.ts'
import { useStatus } from './stores/status.ts'
import { useWorkspace } from './stores/workspace.ts'

const pinia = createPinia()
const status = useStatus(pinia)

try {
  setClient(await connectWorkbench(state => void status.setConnection(state === 'connected')))
  await useWorkspace(pinia).load()
  createApp(App).use(pinia).mount('#app')
} catch (thrown) {
  const { message, hint } = toLamellaError(thrown)
  const note = document.createElement('p')
  note.setAttribute('role', 'alert')
  note.textContent = hint === undefined ? message : `${message}. ${hint}`
  document.querySelector('#app')!.replaceChildren(note)
}
