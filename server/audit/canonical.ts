import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from './contract.ts'

/**
 * RFC 8785 (JSON Canonicalization Scheme) text of a value: equal values give equal bytes, whatever the order of
 * their keys.
 * @throws TypeError that names the path of whatever JSON cannot hold: undefined, NaN, Infinity, bigint, a Date,
 *   a class instance, a lone surrogate, a cycle.
 */
export function canonicalText(value: Json): string {
  assertJson(value, '$', new Set())
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('$ has no canonical form')
  return text
}

/** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  return hash('sha256', text)
}

/** SHA-256 of the canonical text of a value. */
export function contentHashOf(value: Json): string {
  return sha256Hex(canonicalText(value))
}

function assertJson(value: unknown, path: string, ancestors: Set<object>): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}; JSON holds finite numbers only`)
    return
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed())
      throw new TypeError(`${path} holds half of a surrogate pair; use whole characters`)
    return
  }
  if (typeof value !== 'object') {
    throw new TypeError(`${path} is ${typeof value}; use null, a number or a string instead`)
  }
  if (ancestors.has(value)) throw new TypeError(`${path} contains itself`)
  ancestors.add(value)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertJson(value[i], `${path}[${i}]`, ancestors)
  } else {
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError(
        `${path} is a ${value.constructor?.name ?? 'class instance'}; write it as plain JSON`,
      )
    }
    for (const [key, item] of Object.entries(value)) {
      if (!key.isWellFormed()) throw new TypeError(`A key of ${path} holds half of a surrogate pair`)
      assertJson(item, `${path}.${key}`, ancestors)
    }
  }
  ancestors.delete(value)
}
