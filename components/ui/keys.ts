'use client'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

export type KeyBindings = Record<string, () => void>

const typing = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]'
const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'

/** True while the person writes into a field, so that no letter fires an action. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typing) !== null
}

/**
 * Single keys of a page: `{ j: next, a: approve, '?': help }`. Nothing fires while somebody types, holds a modifier,
 * repeats a deciding key, or while a dialog or menu is open. `first`: before those of the page around it.
 */
export function useKeys(
  bindings: KeyBindings,
  options: { enabled?: boolean; repeat?: string[]; first?: boolean } = {},
): void {
  const { enabled = true, repeat = [], first = false } = options
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
    if (event.repeat && !repeat.includes(event.key)) return
    if (isTyping(event.target)) return
    const onButton = event.target instanceof Element && event.target.closest('a, button, summary')
    if (onButton && (event.key === 'Enter' || event.key === ' ')) return
    const act = bindings[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    if (!enabled) return
    let covered = false
    // Before anything acts on the key: a list that Enter chooses from is gone by the time the page hears of it.
    const look = () => {
      covered = document.querySelector(overlays) !== null
    }
    const hear = (event: KeyboardEvent) => {
      if (!covered) onKey(event)
    }
    window.addEventListener('keydown', look, { capture: true })
    document.addEventListener('keydown', hear, { capture: first })
    return () => {
      window.removeEventListener('keydown', look, { capture: true })
      document.removeEventListener('keydown', hear, { capture: first })
    }
  }, [enabled, first])
}

const onApple = () => /Mac|iPhone|iPad/.test(navigator.platform)
const never = () => () => {}

/** How the key that goes with ⌘ or Ctrl is written on the reader's machine: "⌘K" on Apple's, "Ctrl K" elsewhere. */
export function useCommandKey(key: string): string {
  const apple = useSyncExternalStore(never, onApple, () => false)
  return apple ? `⌘${key}` : `Ctrl ${key}`
}
