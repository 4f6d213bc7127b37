import { Settings } from '@lucide/vue'
import type { Page } from '../page.ts'
import SettingsPage from './SettingsPage.vue'

/** Every setting of the window. */
export const settingsPage: Page = {
  type: 'settings',
  icon: Settings,
  name: 'Settings',
  component: SettingsPage
}
