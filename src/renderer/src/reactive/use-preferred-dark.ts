import { ref } from 'vue'
import type { Ref } from 'vue'

/** Whether the system asks for dark windows, now and as it changes. */
export function usePreferredDark(): Ref<boolean> {
  const query = matchMedia('(prefers-color-scheme: dark)')
  const dark = ref(query.matches)
  query.addEventListener('change', event => (dark.value = event.matches))
  return dark
}
