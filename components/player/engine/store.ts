export interface Store<T extends object> {
  get: () => T
  set: (change: Partial<T>) => void
  subscribe: (listener: () => void) => () => void
}

/** The smallest store useSyncExternalStore can read: one immutable object, replaced when a field really changes. */
export function createStore<T extends object>(initial: T): Store<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    set: change => {
      const keys = Object.keys(change) as (keyof T)[]
      if (keys.every(key => Object.is(value[key], change[key]))) return
      value = { ...value, ...change }
      for (const listener of listeners) listener()
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
