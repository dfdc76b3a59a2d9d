'use client'
import { passiveHeader } from '../../server/api/contract.ts'

/** A minute without a hand: what the page asks then, it asks by itself. */
const activeForMs = 60_000

let touchedAt = Date.now()

if (typeof window !== 'undefined') {
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    const touched = () => {
      touchedAt = Date.now()
    }
    window.addEventListener(event, touched, { passive: true, capture: true })
  }
}

/** Headers that tell the server whether somebody is there: what a page asks by itself keeps no session alive. */
export const activityHeaders = (): Record<string, string> =>
  Date.now() - touchedAt > activeForMs ? { [passiveHeader]: '1' } : {}
