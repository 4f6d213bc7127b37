import { nextTick } from 'vue'

/** Once a choice by keys is drawn, focuses the one of many that Tab comes to: that of what is chosen. */
export async function focusCurrent(root: HTMLElement | null): Promise<void> {
  await nextTick()
  root?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
}
