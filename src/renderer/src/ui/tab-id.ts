import type { InjectionKey } from 'vue'

/** The tab that a part of a view stands in. */
export const tabIdKey: InjectionKey<string> = Symbol('tab id')
