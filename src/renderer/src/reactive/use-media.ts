import { ref } from 'vue'
import type { Ref } from 'vue'

/** Whether a media query holds, now and as that changes. */
export function useMedia(condition: string): Ref<boolean> {
  const query = matchMedia(condition)
  const holds = ref(query.matches)
  query.addEventListener('change', event => (holds.value = event.matches))
  return holds
}
