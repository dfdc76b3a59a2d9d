import { preparsePolicySet } from '@cedar-policy/cedar-wasm/nodejs'

/** What is permitted where nothing forbids; Cedar by itself permits nothing. Added last, so that the others keep their numbers. */
const base = '\npermit (principal, action, resource);'

/** How many parsed sets may be held, and how many characters their texts may have together. */
export type Room = { sets: number; characters: number }

/** `placeOf`: the name that Cedar has the parsed text under, parsed first where it is not held; null where it is not Cedar. */
export type Places = { placeOf(text: string): string | null; held(): Room & { parses: number } }

/**
 * Parsed sets of Cedar. It keeps them by name and forgets none, so names are given again: to take a new set in, those that were not asked
 * for the longest are overwritten.
 */
export function cedarPlaces(prefix: string, most: Room): Places {
  /** By text, the least recently used first. */
  const places = new Map<string, string>()
  const free: string[] = []
  let characters = 0
  let parses = 0

  const makeRoom = (needed: number): void => {
    for (const [text, place] of places) {
      if (places.size < most.sets && characters + needed <= most.characters) return
      places.delete(text)
      characters -= text.length
      preparsePolicySet(place, { staticPolicies: '' })
      free.push(place)
    }
  }
  return {
    placeOf: (text) => {
      const held = places.get(text)
      if (held !== undefined) {
        places.delete(text)
        places.set(text, held)
        return held
      }
      makeRoom(text.length)
      const place = free.pop() ?? `${prefix}-${places.size}`
      parses++
      if (preparsePolicySet(place, { staticPolicies: text + base }).type !== 'success') {
        free.push(place)
        return null
      }
      places.set(text, place)
      characters += text.length
      return place
    },
    held: () => ({ sets: places.size, characters, parses }),
  }
}

/**
 * Room for the 200 rules that one version may hold, for those of a draft that is back-tested beside it, and for what is typed meanwhile. A set
 * takes about 40 bytes per character of its text, so that all of them take 160 MB at most.
 */
export const written = cedarPlaces('written', { sets: 512, characters: 4_000_000 })
